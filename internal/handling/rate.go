package handling

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/profile"
	"tongxin/internal/store"
)

// RateIn is what a proposer thinks of a reply.
type RateIn struct {
	ID        string   `json:"id"`       // reply
	Attitude  string   `json:"attitude"` // a grade: how the unit worked on it
	Result    string   `json:"result"`   // a grade: what came of it
	Contacted string   `json:"contacted,omitempty"`
	Reason    string   `json:"reason,omitempty"`  // required when dissatisfied
	Answers   []Answer `json:"answers,omitempty"` // to the committee's further questions
}

// Answer is a grade given to one of the committee's further questions.
type Answer struct {
	Code  string `json:"code"`
	Grade string `json:"grade,omitempty"`
}

// RateOut is the rating that was made.
type RateOut struct {
	ID       string `json:"id"`
	ReplyID  string `json:"reply_id"`
	CaseKind string `json:"case_kind"`
	CaseID   string `json:"case_id"`
}

// Rate rates a reply (征询意见、评价): each proposer by his own act, once. Nobody
// rates the reply of a unit in which he holds any post, whichever post acts.
var Rate = app.Define("reply.rate",
	func(c *app.Call, in RateIn) (*Letter, error) { return loadLetter(c, in.ID) },
	mayRate,
	func(c *app.Call, l *Letter, in RateIn) (RateOut, error) {
		return l.rate(c, l.receipt(c.Who()), in, RatedSelf)
	})

func mayRate(who access.Actor, l *Letter) access.Verdict {
	d := l.receipt(who)
	switch {
	case d == nil:
		return l.letterless(who, "handling.proposers-only")
	case l.ofOwnUnit(who):
		return access.Deny("handling.rate.own-unit")
	case !d.Rates:
		return access.Deny("handling.rate.not-asked")
	default:
		return access.Allow()
	}
}

// PaperIn is a rating that came on paper.
type PaperIn struct {
	RateIn
	Rater string `json:"rater"` // the proposer who filled the form in: person or body id
}

// RateOnPaper enters the paper form of a proposer, marked as such. The scan is
// attached to the rating as a file of the kind "rating".
var RateOnPaper = app.Define("reply.rate-on-paper",
	func(c *app.Call, in PaperIn) (*Letter, error) { return loadLetter(c, in.ID) },
	func(who access.Actor, l *Letter) access.Verdict {
		switch {
		case office(who) && l.reads(who) && l.ofOwnUnit(who):
			return access.Deny("handling.rate.own-unit")
		case office(who) && l.reads(who):
			return access.Allow()
		default:
			return l.letterless(who, "handling.office-only")
		}
	},
	func(c *app.Call, l *Letter, in PaperIn) (RateOut, error) {
		d := l.R.delivery(in.Rater)
		if l.R.State != Issued {
			return RateOut{}, fault.New(fault.Closed, "handling.reply.closed."+string(l.R.State))
		}
		if d == nil {
			return RateOut{}, fault.Field("rater", "handling.proposer-unknown")
		}
		if !d.IsBody {
			own, err := holdsPostIn(&c.Look, d.ProposerID, l.R.UnitID, l.A.keeper())
			if err != nil {
				return RateOut{}, err
			}
			if own {
				return RateOut{}, fault.Field("rater", "handling.rate.rater-own-unit", "name", d.Name)
			}
			c.OnBehalf(d.ProposerID)
		}
		if !d.Rates {
			return RateOut{}, fault.Field("rater", "handling.rate.rater-not-asked", "name", d.Name)
		}
		return l.rate(c, d, in.RateIn, RatedPaper)
	})

// rate checks and writes a rating, once per reply and proposer.
func (l *Letter) rate(c *app.Call, d *Delivery, in RateIn, channel string) (RateOut, error) {
	switch {
	case d.Rated:
		return RateOut{}, fault.New(fault.Closed, "handling.rate.twice", "name", d.Name)
	case !l.R.RatingOpen:
		return RateOut{}, fault.New(fault.Closed, "handling.rate.over")
	}
	k, err := clockNow(&c.Look)
	if err != nil {
		return RateOut{}, err
	}
	grades := k.rules.Grades
	var p fault.Problems
	p.Check(profile.Offered(grades, in.Attitude), "attitude", "handling.choose")
	p.Check(profile.Offered(grades, in.Result), "result", "handling.choose")
	p.Check(slices.Contains([]string{"", "yes", "no"}, in.Contacted), "contacted", "handling.choose")
	dissatisfied := in.Attitude == Dissatisfied || in.Result == Dissatisfied
	in.Reason = words(&p, "reason", in.Reason, textAtMost, false)
	p.Check(!dissatisfied || in.Reason != "", "reason", "handling.rate.reason")
	answers := answersOf(k, in.Answers, &p)
	if err := p.Err(); err != nil {
		return RateOut{}, err
	}
	x := Rating{Answers: answers, ID: id.New(), RaterID: d.ProposerID, IsBody: d.IsBody, RaterName: d.Name, Attitude: in.Attitude, Result: in.Result,
		Contacted: in.Contacted, Reason: in.Reason, Channel: channel, personID: c.Who().PersonID}
	if err := l.enter(c, x); err != nil {
		return RateOut{}, err
	}
	if len(l.R.awaited()) == 1 { // it was the last one
		if err := l.endRating(c); err != nil {
			return RateOut{}, err
		}
	}
	if err := l.again(c, k, x); err != nil {
		return RateOut{}, err
	}
	c.Made(l.R.ID)
	c.Detail(map[string]any{"rating": x.ID, "attitude": x.Attitude, "result": x.Result, "channel": channel})
	return RateOut{x.ID, l.R.ID, l.Kind, l.ID}, settle(c, l.Matter)
}

// answersOf reads the answers to the further questions; each that is asked is
// answered with a grade.
func answersOf(k *clockOf, given []Answer, p *fault.Problems) Answers {
	out := Answers{}
	for i, x := range given {
		if profile.Offered(k.rules.Questions, x.Code) && x.Grade != "" {
			p.Check(profile.Offered(k.rules.Grades, x.Grade), fmt.Sprintf("answers.%d.grade", i), "handling.choose")
			out[x.Code] = x.Grade
		}
	}
	for i, q := range k.asked() {
		p.Check(out[q.Code] != "", fmt.Sprintf("answers.%d.grade", i), "handling.choose")
	}
	return out
}

// asked are the further questions that are put to raters now.
func (k *clockOf) asked() []profile.Coded {
	return slices.DeleteFunc(slices.Clone(k.rules.Questions), func(q profile.Coded) bool { return q.Off })
}

// enter writes a rating and tells of it.
func (l *Letter) enter(c *app.Call, x Rating) error {
	answers, err := json.Marshal(x.Answers)
	if err != nil {
		return fmt.Errorf("pack the answers about reply %s: %w", l.R.ID, err)
	}
	if x.Answers == nil {
		answers = []byte("{}")
	}
	_, err = c.Tx().Exec(c.Ctx(), `INSERT INTO rating (id, committee_id, case_kind, case_id, reply_id, rater_id, is_body, rater_name, attitude, result, contacted, reason, answers, channel, person_id, at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, x.ID, l.CommitteeID, l.Kind, l.ID, l.R.ID, x.RaterID, x.IsBody, x.RaterName,
		x.Attitude, x.Result, x.Contacted, x.Reason, string(answers), x.Channel, x.personID, c.Now())
	if errors.Is(err, store.ErrUnique) {
		return fault.New(fault.Closed, "handling.rate.twice", "name", x.RaterName).Because(err)
	}
	if err != nil {
		return fmt.Errorf("rate reply %s: %w", l.R.ID, err)
	}
	if _, err := c.Tx().Exec(c.Ctx(), "UPDATE reply_delivery SET rated = TRUE WHERE reply_id = ? AND proposer_id = ?", l.R.ID, x.RaterID); err != nil {
		return fmt.Errorf("rate reply %s: %w", l.R.ID, err)
	}
	told := l.about().ofUnit(l.A).forProposers([]Proposer{{PersonID: personOf(x), BodyID: bodyOf(x)}})
	rules, _, err := profile.Current(&c.Look)
	if err != nil {
		return err
	}
	return l.record(c, WasRated{told, l.R.ID, x.Attitude, x.Result, x.Channel, rules.Handling.Blind && len(l.R.awaited()) > 1})
}

func personOf(x Rating) string {
	if x.IsBody {
		return ""
	}
	return x.RaterID
}

func bodyOf(x Rating) string {
	if x.IsBody {
		return x.RaterID
	}
	return ""
}

// endRating ends that ratings of the reply are asked.
func (l *Letter) endRating(c *app.Call) error {
	if _, err := c.Tx().Exec(c.Ctx(), "UPDATE reply SET rating_open = FALSE WHERE id = ?", l.R.ID); err != nil {
		return fmt.Errorf("end the rating of reply %s: %w", l.R.ID, err)
	}
	return nil
}
