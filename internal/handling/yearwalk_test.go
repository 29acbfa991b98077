package handling_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tongxin/internal/access"
	"tongxin/internal/fault"
	"tongxin/internal/handling"
)

// walker does random acts on one case, allowed or not.
type walker struct {
	*city
	c  handling.Case
	rt *rapid.T
	n  int
}

// TestAnyWayThroughTheYear: whatever people do in whatever order, no clock is
// lost, somebody holds every open case, and one unit has the last word on each
// part of it.
func TestAnyWayThroughTheYear(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		w.rules(1, `{"reading":{"on":true,"workdays":3},"together":{"required":true,"countersign":true,"countersign_days":3},"objection":{"workdays":7,"ruling_workdays":3,"silence":true,"unit_most":2,"case_most":4},
			"extension":{"approver":"both","months":2,"most":2},"again":{"on":"either","due":{"base":"rating","days":20},"rounds":2,"ruling":true}}`)
		rapid.Check(t, func(rt *rapid.T) {
			x := &walker{city: w, rt: rt, c: w.petition()}
			units := []handling.UnitRole{w.unit("unitA", handling.Lead), w.unit("unitB", handling.Assist), w.unit("unitC", handling.Assist)}
			if rapid.Bool().Draw(rt, "separate") {
				units = []handling.UnitRole{w.unit("unitA", handling.Separate), w.unit("unitC", handling.Separate), w.unit("unitB", handling.Assist)}
			}
			w.dispatch(x.c, units...)
			mains := x.mains()
			for range rapid.IntRange(5, 30).Draw(rt, "acts") {
				x.step()
				x.holds(mains)
			}
			w.tallied()
		})
	})
}

// holds checks what must be true after every act.
func (x *walker) holds(mains int) {
	v, err := handling.Show.Do(x.t.Context(), x.App, x.Office, handling.ViewIn{Kind: x.c.Kind, ID: x.c.ID})
	if err != nil {
		x.rt.Fatal(err)
	}
	if v.Stage != handling.Closed && (v.Holder == "" || v.HolderSince.IsZero() || !slices.Contains(handling.Holders(), v.Holder)) {
		x.rt.Fatalf("nobody holds the case: %+v", v)
	}
	if got := x.mains(); got != mains {
		x.rt.Fatalf("%d units have the last word, %d had it at first", got, mains)
	}
	for _, a := range v.Assignments {
		if a.Owes() && (a.DueOn == "" || a.Due.On.String() != a.DueOn || len(a.Due.Steps) == 0) {
			x.rt.Fatalf("%s has no clock that explains itself: %q %+v", a.UnitName, a.DueOn, a.Due)
		}
		if a.Round > 1 && a.Role == handling.Assist {
			x.rt.Fatalf("%s assists a second time", a.UnitName)
		}
	}
	for _, r := range v.Replies {
		if r.RatingOpen && v.Stage == handling.Closed {
			x.rt.Fatalf("a rating is awaited of a closed case")
		}
	}
}

// mains counts the units that answer the case.
func (x *walker) mains() int {
	v, err := handling.Show.Do(x.t.Context(), x.App, x.Office, handling.ViewIn{Kind: x.c.Kind, ID: x.c.ID})
	if err != nil {
		x.rt.Fatal(err)
	}
	n := 0
	for _, a := range v.Assignments {
		if a.Role.Main() {
			n++
		}
	}
	return n
}

// unit picks an assignment with the people of its unit.
func (x *walker) unit() (a handling.Assigned, handler, signer access.Actor) {
	v, err := handling.Show.Do(x.t.Context(), x.App, x.Office, handling.ViewIn{Kind: x.c.Kind, ID: x.c.ID})
	if err != nil {
		x.rt.Fatal(err)
	}
	a = v.Assignments[rapid.IntRange(0, len(v.Assignments)-1).Draw(x.rt, "unit")]
	switch a.UnitID {
	case x.Bodies["unitA"]:
		return a, x.HandlerA, x.SignerA
	case x.Bodies["unitB"]:
		return a, x.HandlerB, x.SignerB
	default:
		return a, x.HandlerC, x.SignerC
	}
}

// step does one random act.
func (x *walker) step() {
	a, handler, signer := x.unit()
	v, err := handling.Show.Do(x.t.Context(), x.App, signer, handling.ViewIn{Kind: x.c.Kind, ID: x.c.ID})
	if err != nil {
		x.rt.Fatal(err)
	}
	reply := handling.Reply{}
	for _, r := range v.Replies {
		reply = r
	}
	x.n++
	grade := rapid.SampledFrom([]string{"satisfied", "basically", "dissatisfied"}).Draw(x.rt, "grade")
	yes := rapid.Bool().Draw(x.rt, "yes")
	pick := func(a, b string) string {
		if yes {
			return a
		}
		return b
	}
	number := fmt.Sprintf("%s-%d", x.c.ID, x.n)
	text := letter(number, pick("A", "B"))
	text.Promises[0].DueOn = x.Clock.Now().AddDate(1, 0, 0).Format("2006-01-02")
	to := rapid.SampledFrom([]string{"unitA", "unitB", "unitC", "unitD"}).Draw(x.rt, "to")
	acts := []func() error{
		func() error {
			return try(x.city, handling.Sign, handler, handling.SignIn{ID: a.ID, Handler: "甲", Phone: "0000-1234567"})
		},
		func() error {
			return try(x.city, handling.RecordContact, handler, handling.ContactIn{ID: a.ID, Form: "meeting", HeldOn: x.Clock.Now().Format("2006-01-02"), Notes: "沟通"})
		},
		func() error {
			return try(x.city, handling.Opine, handler, handling.OpineIn{ID: a.ID, Number: number, Text: "意见"})
		},
		func() error {
			who := handler
			if yes {
				who = signer
			}
			return try(x.city, handling.Object, who, handling.ObjectIn{ID: a.ID, Reason: "理由", Unit: x.Bodies[to]})
		},
		func() error { return try(x.city, handling.Consent, signer, handling.ErrandIn{ID: a.ID}) },
		func() error { return try(x.city, handling.WithdrawObjection, handler, handling.ErrandIn{ID: a.ID}) },
		func() error {
			return try(x.city, handling.RuleObjection, x.GovDesk, handling.RuleIn{ID: a.ID, Ruling: pick(handling.Accepted, handling.Rejected), Unit: x.Bodies[to], Words: "裁定"})
		},
		func() error {
			until := x.Clock.Now().AddDate(0, 3, 20)
			return try(x.city, handling.Extend, handler, handling.ExtendIn{ID: a.ID, Until: until.Format("2006-01-02"), Reason: "理由"})
		},
		func() error {
			for _, e := range v.Extensions {
				for _, who := range []access.Actor{x.GovDesk, x.Office} {
					if err := try(x.city, handling.DecideExtension, who, handling.ExtensionIn{ID: e.ID, Decision: pick(handling.Granted, handling.Refused), Words: "同意"}); err != nil {
						return err
					}
				}
			}
			return nil
		},
		func() error {
			return try(x.city, handling.Waive, x.GovDesk, handling.WaiveIn{ID: a.ID, Reason: "理由"})
		},
		func() error {
			version := int64(0)
			if reply.AssignmentID == a.ID && reply.State == handling.Drafted {
				version = reply.Version
			}
			return try(x.city, handling.Submit, handler, handling.SubmitIn{ID: a.ID, Version: version, ReplyText: text})
		},
		func() error {
			return try(x.city, handling.CountersignReply, handler, handling.CountersignIn{ID: reply.ID, Answer: pick(handling.Agreed, handling.Disagreed), Words: "意见"})
		},
		func() error {
			return try(x.city, handling.DecideDispute, x.GovDesk, handling.DisputeIn{ID: reply.ID, Decision: pick(handling.Stands, handling.Revise), Words: "裁定"})
		},
		func() error { return try(x.city, handling.Recall, handler, handling.RecallIn{ID: reply.ID}) },
		func() error {
			return try(x.city, handling.Issue, signer, handling.IssueIn{ID: reply.ID, Version: reply.Version})
		},
		func() error {
			if yes {
				return try(x.city, handling.Pass, x.GovDesk, handling.PassIn{ID: reply.ID, Version: reply.Version, Class: "A", Reason: "调整"})
			}
			return try(x.city, handling.SendBack, x.GovDesk, handling.ReturnIn{ID: reply.ID, Version: reply.Version, Words: "退回"})
		},
		func() error {
			who := x.Members[0]
			if yes {
				who = x.Members[1]
			}
			return try(x.city, handling.Rate, who, handling.RateIn{ID: reply.ID, Attitude: "satisfied", Result: grade, Reason: "理由"})
		},
		func() error {
			return try(x.city, handling.SayLastWord, x.Chief, handling.LastWordIn{Kind: x.c.Kind, ID: x.c.ID, Decision: pick(handling.LastAgain, handling.LastClose), Words: "裁定"})
		},
		func() error { return try(x.city, handling.BeginFollowUp, handler, handling.FollowUpIn{ID: a.ID}) },
		func() error {
			x.Clock.Advance(time.Duration(rapid.IntRange(1, 9).Draw(x.rt, "days")) * 24 * time.Hour)
			return x.App.RunTasks(x.t.Context())
		},
	}
	which := rapid.IntRange(0, len(acts)-1).Draw(x.rt, "act")
	err = acts[which]()
	if err == nil || fault.Is(err, fault.Closed) || fault.Is(err, fault.Invalid) || fault.Is(err, fault.Forbidden) || fault.Is(err, fault.NotFound) || fault.Is(err, fault.Stale) {
		return
	}
	x.rt.Fatalf("act %d: %v", which, err)
}
