package profile

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"tongxin/internal/calendar"
	"tongxin/internal/fault"
)

// Bounds of the rules of the handling year.
const (
	shortWorkdays   = 60 // for what is done within weeks
	objectionsMost  = 9
	extensionMonths = 24
	extensionsMost  = 9
	roundsMost      = 9
	promiseMonths   = 120
	lateWorkdays    = 250
	keyMost         = 999
	thousand        = 1000
	fondsMost       = 20
)

func (in ObjectionRules) apply(r *Rules, p *fault.Problems) {
	within(p, "objection.workdays", in.Workdays, 1, shortWorkdays)
	within(p, "objection.ruling_workdays", in.RulingWorkdays, 1, shortWorkdays)
	within(p, "objection.unit_most", in.UnitMost, 1, objectionsMost)
	within(p, "objection.case_most", in.CaseMost, 1, objectionsMost)
	r.Handling.Objection = in
}

// ApproverChoices are who decides about an extension.
func ApproverChoices() []string { return []string{ByDispatcher, ByOffice, ByBoth} }

func (in ExtensionRules) apply(r *Rules, p *fault.Problems) {
	p.Check(slices.Contains(ApproverChoices(), in.Approver), "extension.approver", "profile.choose")
	within(p, "extension.months", in.Months, 1, extensionMonths)
	within(p, "extension.most", in.Most, 0, extensionsMost)
	r.Handling.Extension = in
}

func (in TogetherRules) apply(r *Rules, p *fault.Problems) {
	within(p, "together.countersign_days", in.CountersignDays, 1, shortWorkdays)
	r.Handling.Together = in
}

func (in ReadingRules) apply(r *Rules, p *fault.Problems) {
	within(p, "reading.workdays", in.Workdays, 1, shortWorkdays)
	r.Handling.Reading = in
}

// AgainChoices are what makes a second handling necessary.
func AgainChoices() []string {
	return []string{AgainResult, AgainEither, AgainBasically, AgainNever}
}

func (in AgainRules) apply(r *Rules, p *fault.Problems) {
	p.Check(slices.Contains(AgainChoices(), in.On), "again.on", "profile.choose")
	in.Due = deadline(p, "again.due", in.Due, calendar.FromRating)
	within(p, "again.rounds", in.Rounds, 1, roundsMost)
	p.Check(in.On == AgainNever || in.Rounds != 1, "again.rounds", "profile.rounds.one")
	r.Handling.Again = in
}

func (in PromiseRules) apply(r *Rules, p *fault.Problems) {
	in.Outcomes = among(p, "promise.outcomes", in.Outcomes, r.Handling.ItemOutcomes)
	in.Classes = among(p, "promise.classes", in.Classes, r.Handling.Classes)
	within(p, "promise.months_max", in.MonthsMax, 1, promiseMonths)
	within(p, "promise.near_days", in.NearDays, 0, workdaysMost)
	r.Handling.Promise = in
}

// among keeps the chosen codes in the order of their list, each once.
func among(p *fault.Problems, field string, chosen []string, list []Coded) []string {
	codes := []string{}
	for _, c := range list {
		if slices.Contains(chosen, c.Code) {
			codes = append(codes, c.Code)
		}
	}
	for _, code := range chosen {
		if !has(list, code) {
			p.Add(field, "profile.choose")
			break
		}
	}
	return codes
}

func (in SupervisionRules) apply(r *Rules, p *fault.Problems) {
	within(p, "supervision.near_workdays", in.NearWorkdays, 1, shortWorkdays)
	within(p, "supervision.quiet_workdays", in.QuietWorkdays, 0, shortWorkdays)
	within(p, "supervision.answer_days", in.AnswerDays, 1, shortWorkdays)
	within(p, "supervision.leader_after", in.LeaderAfter, 0, lateWorkdays)
	r.Handling.Supervision = in
}

func (in KeyIn) apply(r *Rules, p *fault.Problems) {
	k := &r.Key
	k.Criteria = entries(p, "key.criteria", in.Criteria, k.Criteria, openList)
	k.Forms = entries(p, "key.forms", in.Forms, k.Forms, openList)
	within(p, "key.number", in.Number, 0, keyMost)
	within(p, "key.per_mille", in.PerMille, 0, thousand)
	p.Check(in.Number != 0 || in.PerMille != 0, "key.per_mille", "profile.key.how-many")
	within(p, "key.plan_workdays", in.PlanWorkdays, 1, workdaysMost)
	k.Number, k.PerMille, k.PlanWorkdays, k.ReplyDue = in.Number, in.PerMille, in.PlanWorkdays, nil
	if in.DueDiffers {
		d := deadline(p, "key.reply_due", in.ReplyDue, calendar.FromDispatch, calendar.FromSign, calendar.FromSessionClose)
		k.ReplyDue = &d
	}
}

func (n NoticeRules) apply(r *Rules, p *fault.Problems) {
	n.QuietFrom = timeOfDay(p, "notices.quiet_from", n.QuietFrom)
	n.QuietTo = timeOfDay(p, "notices.quiet_to", n.QuietTo)
	n.DigestAt = timeOfDay(p, "notices.digest_at", n.DigestAt)
	if n.QuietFrom != "" && n.QuietTo != "" && n.DigestAt != "" {
		p.Check(!n.Quiet(n.DigestAt), "notices.digest_at", "profile.notices.digest-quiet")
	}
	r.Notices = n
}

// timeOfDay writes a time as 07:30, "" when it is none. A Chinese keyboard's
// colon is one too.
func timeOfDay(p *fault.Problems, field, typed string) string {
	const layout = "15:04"
	t, err := time.Parse(layout, strings.ReplaceAll(strings.TrimSpace(typed), "：", ":"))
	if err != nil {
		p.Add(field, "profile.time")
		return ""
	}
	return t.Format(layout)
}

func (in ArchiveIn) apply(r *Rules, p *fault.Problems) {
	a := &r.Archive
	a.Retention = entries(p, "archive.retention", in.Retention, a.Retention, closedList)
	p.Check(Offered(a.Retention, in.Usual), "archive.usual", "profile.choose")
	p.Check(Offered(a.Retention, in.KeyUsual), "archive.key_usual", "profile.choose")
	fonds := strings.TrimSpace(in.Fonds)
	p.Check(utf8.RuneCountInString(fonds) <= fondsMost, "archive.fonds", "profile.archive.fonds", "max", fondsMost)
	p.Check(!strings.ContainsFunc(fonds, unwritable), "archive.fonds", "profile.archive.fonds", "max", fondsMost)
	a.Usual, a.KeyUsual, a.Fonds = in.Usual, in.KeyUsual, fonds
}

// unwritable tells what cannot stand in a number on the back of a file.
func unwritable(c rune) bool { return unicode.IsSpace(c) || !unicode.IsPrint(c) }
