package handling_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/handling"
	"tongxin/internal/organization"
)

// allRules are rules under which everything may happen.
const allRules = `{"contact_required":false,"reading":{"on":true,"workdays":5},"together":{"required":false,"countersign":true,"countersign_days":3},
	"objection":{"workdays":10,"ruling_workdays":5,"silence":false,"unit_most":3,"case_most":4},"extension":{"approver":"both","months":3,"most":2},
	"again":{"on":"either","due":{"base":"rating","days":20},"rounds":2,"ruling":true},"promise":{"classes":[],"outcomes":[],"months_max":24}}`

// way is a case on its way: the unit that leads, one that assists, and one proposer.
type way struct {
	*city
	c     handling.Case
	n     int
	units []string
}

// way begins a case among units and a supervision office of its own.
func (w *city) way(name string) *way {
	world := *w.World
	world.Bodies = maps.Clone(w.Bodies)
	x := &way{city: &city{&world, w.t}}
	body := func(key, kind, channel string) string {
		world.Bodies[key] = act(w, organization.AddBody, w.SysAdmin, organization.BodyIn{Kind: kind, Name: name + key, Channel: channel}).ID
		return world.Bodies[key]
	}
	for _, u := range []string{"unitA", "unitB", "unitC", "unitD"} {
		x.units = append(x.units, body(u, "unit", "government"))
	}
	world.HandlerA, world.SignerA = in(w.HandlerA, x.units[0]), in(w.SignerA, x.units[0])
	world.HandlerB, world.SignerB = in(w.HandlerB, x.units[1]), in(w.SignerB, x.units[1])
	world.GovDesk = in(w.GovDesk, body("deskG", "supervision_government", ""))
	x.c = x.petition(func(c *handling.Case) { c.Proposers = c.Proposers[:1] })
	x.dispatch(x.c, x.unit("unitA", handling.Lead), x.unit("unitB", handling.Assist))
	return x
}

func (x *way) a() string { return x.assignment(x.c, "unitA").ID }
func (x *way) b() string { return x.assignment(x.c, "unitB").ID }

// work is the reply of the lead that is not issued.
func (x *way) work() handling.Reply {
	x.t.Helper()
	list := x.view(x.HandlerA, x.c).Replies
	return list[len(list)-1]
}

func (x *way) signed() {
	x.sign(x.HandlerA, x.c, "unitA")
	x.sign(x.HandlerB, x.c, "unitB")
}

func (x *way) opined() {
	x.signed()
	act(x.city, handling.Opine, x.HandlerB, handling.OpineIn{ID: x.b(), Number: "1号", Text: "同意"})
}

func (x *way) text() handling.ReplyText {
	x.n++
	return letter(fmt.Sprintf("%s-%d", x.c.ID, x.n), "A")
}

func (x *way) submitted() {
	x.opined()
	act(x.city, handling.Submit, x.HandlerA, handling.SubmitIn{ID: x.a(), ReplyText: x.text()})
}

func (x *way) agreed() {
	x.submitted()
	act(x.city, handling.CountersignReply, x.HandlerB, handling.CountersignIn{ID: x.work().ID, Answer: handling.Agreed})
}

func (x *way) reading() {
	x.agreed()
	act(x.city, handling.Issue, x.SignerA, handling.IssueIn{ID: x.work().ID, Version: x.work().Version})
}

func (x *way) issued() {
	x.reading()
	act(x.city, handling.Pass, x.GovDesk, handling.PassIn{ID: x.work().ID, Version: x.work().Version})
}

func (x *way) dissatisfied() {
	act(x.city, handling.Rate, x.Members[0], handling.RateIn{ID: x.firstIssued(), Attitude: "satisfied", Result: "dissatisfied", Reason: "未回应"})
}

func (x *way) firstIssued() string {
	id := ""
	for _, r := range x.view(x.Members[0], x.c).Replies {
		if r.Purpose != handling.FollowUp {
			id = r.ID
		}
	}
	return id
}

func (x *way) exhausted() {
	x.issued()
	x.dissatisfied()
	act(x.city, handling.Submit, x.HandlerA, handling.SubmitIn{ID: x.a(), ReplyText: x.text()})
	act(x.city, handling.CountersignReply, x.HandlerB, handling.CountersignIn{ID: x.work().ID, Answer: handling.Agreed})
	act(x.city, handling.Issue, x.SignerA, handling.IssueIn{ID: x.work().ID, Version: x.work().Version})
	act(x.city, handling.Pass, x.GovDesk, handling.PassIn{ID: x.work().ID, Version: x.work().Version})
	x.dissatisfied()
}

func (x *way) objects(who access.Actor, id string) error {
	return try(x.city, handling.Object, who, handling.ObjectIn{ID: id, Reason: "职能已划转", Unit: x.Bodies["unitC"]})
}

// ways are how far a case may have come.
func ways() map[string]func(*way) {
	return map[string]func(*way){
		"dispatched": func(*way) {},
		"more-time": func(x *way) {
			x.signed()
			x.ok(try(x.city, handling.Extend, x.HandlerA, handling.ExtendIn{ID: x.a(), Until: "2026-06-30", Reason: "勘察"}))
		},
		"objected":       func(x *way) { x.ok(x.objects(x.HandlerA, x.a())) },
		"to-rule":        func(x *way) { x.ok(x.objects(x.SignerA, x.a())) },
		"assist-objects": func(x *way) { x.ok(x.objects(x.SignerB, x.b())) },
		"both-object":    func(x *way) { x.ok(x.objects(x.SignerB, x.b())); x.ok(x.objects(x.HandlerA, x.a())) },
		"countersigning": (*way).submitted,
		"no-opinion": func(x *way) {
			x.signed()
			act(x.city, handling.Submit, x.HandlerA, handling.SubmitIn{ID: x.a(), ReplyText: x.text()})
		},
		"disputed": func(x *way) {
			x.submitted()
			act(x.city, handling.CountersignReply, x.HandlerB, handling.CountersignIn{ID: x.work().ID, Answer: handling.Disagreed, Words: "数字不对"})
		},
		"signing": (*way).agreed,
		"reading": (*way).reading,
		"issued":  (*way).issued,
		"again":   func(x *way) { x.issued(); x.dissatisfied() },
		"again-over-a-further-reply": func(x *way) {
			x.issued()
			act(x.city, handling.BeginFollowUp, x.HandlerA, handling.FollowUpIn{ID: x.a()})
			x.dissatisfied()
		},
		"last-word": (*way).exhausted,
	}
}

// upsets are what may befall a case then. What its state forbids does not happen.
func upsets() map[string]func(*way) {
	hand := func(from string) func(*way) {
		return func(x *way) {
			_ = try(x.city, handling.HandOver, x.Office, handling.HandOverIn{From: x.Bodies[from], To: x.Bodies["unitD"], All: true, Reason: "职能划转"})
		}
	}
	rule := func(of, by, to string) func(*way) {
		return func(x *way) {
			signer := map[string]access.Actor{"unitA": x.SignerA, "unitB": x.SignerB}[of]
			id := x.assignment(x.c, of).ID
			_ = x.objects(signer, id)
			_ = try(x.city, handling.Consent, signer, handling.ErrandIn{ID: id})
			_ = try(x.city, handling.RuleObjection, x.GovDesk, handling.RuleIn{ID: id, Ruling: handling.Accepted, Unit: x.Bodies[to], Release: by == "release"})
		}
	}
	say := func(word string) func(*way) {
		return func(x *way) {
			_ = try(x.city, handling.SayLastWord, x.Chief, handling.LastWordIn{Kind: x.c.Kind, ID: x.c.ID, Decision: word, Words: "裁定"})
		}
	}
	return map[string]func(*way){
		"nothing":          func(*way) {},
		"hand-over-lead":   hand("unitA"),
		"hand-over-assist": hand("unitB"),
		"merged-together":  func(x *way) { x.merge("市建设财政局"+x.c.ID, "unitA", "unitB") },
		"assist-merged":    func(x *way) { x.merge("市财政宣传局"+x.c.ID, "unitB", "unitC") },
		"lead-merged":      func(x *way) { x.merge("市建设宣传局"+x.c.ID, "unitA", "unitC") },
		"waived": func(x *way) {
			_ = try(x.city, handling.Waive, x.GovDesk, handling.WaiveIn{ID: x.b(), Reason: "不再需要"})
		},
		"lead-to-assist":   rule("unitA", "", "unitB"),
		"lead-elsewhere":   rule("unitA", "", "unitC"),
		"assist-elsewhere": rule("unitB", "", "unitC"),
		"assist-released":  rule("unitB", "release", ""),
		"last-word-again":  say(handling.LastAgain),
		"last-word-close":  say(handling.LastClose),
		"other-desk": func(x *way) {
			desk := act(x.city, organization.AddBody, x.SysAdmin, organization.BodyIn{Kind: "supervision_government", Name: "市政务督查局" + x.c.ID}).ID
			act(x.city, organization.EndBody, x.SysAdmin, organization.EndBodyIn{ID: x.Bodies["deskG"], Heir: desk, Reference: "云编办〔2026〕3号", Version: x.version(x.Bodies["deskG"])})
			x.GovDesk = in(x.GovDesk, desk)
		},
	}
}

// TestEveryCaseHasAWayOn: wherever a case stands and whatever befalls it there,
// somebody who may act holds it, nothing waits of who lost it, and no queue
// names it to who may not see it.
func TestEveryCaseHasAWayOn(t *testing.T) {
	t.Parallel()
	changing(t, func(t *testing.T, w *city) {
		w.rules(1, allRules)
		n := 0
		for _, from := range slices.Sorted(maps.Keys(ways())) {
			for _, what := range slices.Sorted(maps.Keys(upsets())) {
				comes, befalls := ways()[from], upsets()[what]
				// The rules are the same on both; each engine takes its share of the pairs.
				if n++; n%4 == 0 != strings.Contains(t.Name(), "postgres") {
					continue
				}
				x := w.way(from + "/" + what + "/")
				comes(x)
				befalls(x)
				w.CaughtUp(t)
				x.check(t, from+", "+what)
			}
		}
	})
}

// everybody are all who may have to do with the case.
func (x *way) everybody() []access.Actor {
	list := []access.Actor{x.Office, x.Chief, x.GovDesk, x.PartyDesk, x.Members[0]}
	units := slices.Clone(x.units)
	for _, a := range x.view(x.Office, x.c).Assignments {
		units = append(units, a.UnitID, a.SuccessorID)
	}
	slices.Sort(units)
	for _, u := range slices.Compact(units) {
		for _, kind := range []access.PostKind{access.Handler, access.Signer} {
			p := access.Post{ID: u, Kind: kind, BodyID: u, BodyKind: "unit"}
			list = append(list, access.Actor{CommitteeID: x.CommitteeID, PersonID: x.HandlerA.PersonID, Name: "某人", Post: p, Posts: []access.Post{p}})
		}
	}
	return list
}

func (x *way) check(t *testing.T, when string) {
	t.Helper()
	office := x.view(x.Office, x.c)
	ids := append(x.texts("SELECT id FROM reply WHERE case_id = ?", x.c.ID), x.c.ID)
	some := office.Stage == handling.Closed
	for _, who := range x.everybody() {
		v, err := handling.Show.Do(t.Context(), x.App, who, handling.ViewIn{Kind: x.c.Kind, ID: x.c.ID})
		told := false
		for _, q := range x.queues(t, who) {
			if !slices.ContainsFunc(ids, func(id string) bool { return strings.Contains(q, id) }) {
				continue
			}
			if told = true; err != nil {
				t.Errorf("%s: a %s does not see the case, and has it in a queue: %s", when, who.Post.Kind, q)
			}
		}
		some = some || err == nil && told && acts(v, who)
	}
	if !some {
		t.Errorf("%s: nobody may do, and is told to do, what %s of %q waits for", when, office.Holder, office.HolderName)
	}
	for what, q := range map[string]string{
		"an objection":     "SELECT COUNT(*) FROM objection x JOIN assignment a ON a.id = x.assignment_id WHERE x.ruling = '' AND (a.state NOT IN ('dispatched', 'signed') OR NOT a.objected)",
		"a wish":           "SELECT COUNT(*) FROM extension x JOIN assignment a ON a.id = x.assignment_id WHERE x.decision IN ('', 'endorsed') AND a.state NOT IN ('dispatched', 'signed')",
		"a countersigning": "SELECT COUNT(*) FROM countersign x JOIN assignment a ON a.id = x.assignment_id JOIN reply r ON r.id = x.reply_id WHERE x.answer = '' AND (a.state = 'changed' OR r.state <> 'countersigning')",
	} {
		if n := x.ask(q+" AND x.case_id = ?", x.c.ID); n > 0 {
			t.Errorf("%s: %d times %s waits of who lost it", when, n, what)
		}
	}
}

// queues are what waits for somebody.
func (x *way) queues(t *testing.T, who access.Actor) (links []string) {
	t.Helper()
	q := app.Ask("test.queues", func(access.Actor) access.Scope { return access.Nothing() }, func(l *app.Look, _ access.Scope, _ struct{}) ([]string, error) {
		var links []string
		for _, wait := range handling.Module().Waits {
			if !who.Is(wait.For...) {
				continue
			}
			list, _, err := wait.Find(l, 500)
			if err != nil {
				return nil, err
			}
			for _, w := range list {
				links = append(links, wait.Name+" "+w.Link)
			}
		}
		return links, nil
	})
	links, err := q.Do(t.Context(), x.App, who, struct{}{})
	x.ok(err)
	return links
}

// acts reports whether somebody may do what the holder of the case is awaited to.
// What staff enter for a unit without an account does not count.
func acts(v handling.View, who access.Actor) bool {
	if v.Holder == handling.HeldForLastWord {
		return v.May.LastWord
	}
	if v.Holder == handling.HeldToConfirm {
		return v.May.Close
	}
	if v.Holder == handling.HeldByOffice || v.Holder == handling.HeldByDesk {
		return v.May.Dispatch || v.May.Route
	}
	unit := who.Is(access.Handler, access.Signer)
	for _, a := range v.Assignments {
		m := a.May
		if map[string]bool{handling.HeldForConsent: unit && (m.Consent || m.WithdrawObject), handling.HeldForRuling: m.Rule, handling.HeldToSign: unit && m.Sign, handling.HeldForOpinion: unit && m.Opine,
			handling.HeldByUnit: m.Draft, handling.HeldAgain: m.Draft, handling.HeldToAgree: m.Countersign, handling.HeldForDecision: m.Dispute,
			handling.HeldBySigner: m.SignOff, handling.HeldByReader: m.Pass, handling.HeldByProposers: m.Rate}[v.Holder] {
			return true
		}
	}
	return false
}
