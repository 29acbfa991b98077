package profile

import (
	"slices"
	"sort"

	"tongxin/internal/calendar"
	"tongxin/internal/fault"
)

// Bounds of the numbers; a person is told them when a value lies outside.
const (
	titleLeast, titleMost   = 10, 200
	bodyLeast, bodyMost     = 100, 20000
	itemsMost               = 50
	filesMost               = 20
	fileMegabytes           = 40 // of the installation
	numberWidthMost         = 6
	collectMost             = 12
	workdaysMost            = 250
	questionsMost           = 10 // a rater answers them for every reply
	remindersMost           = 10
	remindBefore, remindLag = 120, 60
)

// apply puts the section into the rules and notes what is wrong with it.
func (in ChangeIn) apply(r *Rules, p *fault.Problems) {
	switch in.Section {
	case Texts:
		in.Texts.apply(r, p)
	case Filing:
		in.Filing.apply(r, p)
	case Categories:
		r.Proposal.Categories = entries(p, "categories", in.Categories, r.Proposal.Categories, openList)
	case Review:
		in.Review.apply(r, p)
	case Reasons:
		r.Proposal.NotFiledReasons = entries(p, "reasons.not_filed", in.Reasons.NotFiled, r.Proposal.NotFiledReasons, openList)
		r.Proposal.ReturnReasons = entries(p, "reasons.return", in.Reasons.Return, r.Proposal.ReturnReasons, openList)
	case Deadlines:
		in.Deadlines.apply(r, p)
	case Classes:
		r.Handling.Classes = entries(p, "classes.classes", in.Classes.Classes, r.Handling.Classes, letterList)
		r.Handling.ItemOutcomes = entries(p, "classes.item_outcomes", in.Classes.ItemOutcomes, r.Handling.ItemOutcomes, closedList)
		r.Handling.Publicity = entries(p, "classes.publicity", in.Classes.Publicity, r.Handling.Publicity, closedList)
	case Contact:
		in.Contact.apply(r, p)
	case Rating:
		in.Rating.apply(r, p)
	case Reminders:
		r.Handling.RemindAt = in.Reminders.days(p)
	default:
		in.applyYear(r, p)
	}
}

// applyYear is apply for what goes sideways in the year of handling.
func (in ChangeIn) applyYear(r *Rules, p *fault.Problems) {
	switch in.Section {
	case Objection:
		in.Objection.apply(r, p)
	case Extension:
		in.Extension.apply(r, p)
	case Together:
		in.Together.apply(r, p)
	case Reading:
		in.Reading.apply(r, p)
	case Again:
		in.Again.apply(r, p)
	case Promise:
		in.Promise.apply(r, p)
	case Supervision:
		in.Supervision.apply(r, p)
	case Key:
		in.Key.apply(r, p)
	case Notices:
		in.Notices.apply(r, p)
	case Archive:
		in.Archive.apply(r, p)
	}
}

// Check tells what is wrong with the section as it was typed, nil when
// nothing is. The reason is not looked at, and nothing is changed.
func (in ChangeIn) Check(r *Rules) error {
	next, err := clone(r)
	if err != nil {
		return err
	}
	var p fault.Problems
	in.apply(next, &p)
	return p.Err()
}

func within(p *fault.Problems, field string, n, least, most int) {
	p.Check(n >= least && n <= most, field, "profile.range", "least", least, "most", most)
}

func (in TextsIn) apply(r *Rules, p *fault.Problems) {
	p.Check(in.BodyMode == SingleBody || in.BodyMode == ThreeParts, "texts.body_mode", "profile.choose")
	within(p, "texts.title_max", in.TitleMax, titleLeast, titleMost)
	within(p, "texts.body_max", in.BodyMax, bodyLeast, bodyMost)
	within(p, "texts.body_min", in.BodyMin, 0, max(in.BodyMax, 0))
	within(p, "texts.items_max", in.ItemsMax, 1, itemsMost)
	within(p, "texts.items_min", in.ItemsMin, 0, max(in.ItemsMax, 0))
	within(p, "texts.attachments_max", in.AttachmentsMax, 0, filesMost)
	within(p, "texts.attachment_megabytes", in.AttachmentMegabytes, 1, fileMegabytes)
	x := &r.Proposal
	x.BodyMode, x.TitleMax, x.BodyMin, x.BodyMax, x.BasisRequired = in.BodyMode, in.TitleMax, in.BodyMin, in.BodyMax, in.BasisRequired
	x.ItemsMin, x.ItemsMax, x.AttachmentsMax, x.AttachmentBytes = in.ItemsMin, in.ItemsMax, in.AttachmentsMax, int64(in.AttachmentMegabytes)<<20
}

func (in FilingIn) apply(r *Rules, p *fault.Problems) {
	within(p, "filing.number_width", in.NumberWidth, 1, numberWidthMost)
	within(p, "filing.collect_months", in.CollectMonths, 0, collectMost)
	r.Proposal.NumberWidth, r.Proposal.SectorAnytime, r.Session.CollectMonths = in.NumberWidth, in.SectorAnytime, in.CollectMonths
}

// AllLevels lists the levels of review in the order in which they happen.
func AllLevels() []string { return []string{Preliminary, First, Second, Final} }

func (in ReviewIn) apply(r *Rules, p *fault.Problems) {
	var levels []string
	for _, l := range AllLevels() {
		if slices.Contains(in.Levels, l) {
			levels = append(levels, l)
		}
	}
	for _, l := range in.Levels {
		p.Check(slices.Contains(AllLevels(), l), "review.levels", "profile.choose")
	}
	p.Check(len(levels) > 0 && levels[len(levels)-1] == Final, "review.levels", "profile.levels.final")
	r.Proposal.Levels, r.Proposal.ConfirmAmended = levels, in.ConfirmAmended
}

func (in DeadlinesIn) apply(r *Rules, p *fault.Problems) {
	const submit, dispatch, sign, closing = calendar.FromSubmit, calendar.FromDispatch, calendar.FromSign, calendar.FromSessionClose
	within(p, "deadlines.sign_workdays", in.SignWorkdays, 1, workdaysMost)
	within(p, "deadlines.contact_workdays", in.ContactWorkdays, 1, workdaysMost)
	within(p, "deadlines.rate_workdays", in.RateWorkdays, 1, workdaysMost)
	r.Proposal.ReviewDue = deadline(p, "deadlines.review_due", in.ReviewDue, submit)
	h := &r.Handling
	h.SignWorkdays, h.ContactWorkdays, h.RateWorkdays = in.SignWorkdays, in.ContactWorkdays, in.RateWorkdays
	h.AssistDue = deadline(p, "deadlines.assist_due", in.AssistDue, dispatch, sign)
	h.ReplyDue = byLoad(p, "deadlines.reply_due", in.ReplyDue, dispatch, sign, closing)
	h.ReplyDueIntersess = byLoad(p, "deadlines.reply_due_intersession", in.ReplyDueIntersess, dispatch, sign)
	h.ReplyDueCollective = nil
	if in.CollectiveDiffers {
		d := byLoad(p, "deadlines.reply_due_collective", in.ReplyDueCollective, dispatch, sign, closing)
		h.ReplyDueCollective = &d
	}
}

func (in ContactIn) apply(r *Rules, p *fault.Problems) {
	r.Handling.ContactForms = entries(p, "contact.forms", in.Forms, r.Handling.ContactForms, openList)
	faces := []string{}
	for _, c := range r.Handling.ContactForms {
		if slices.Contains(in.FaceToFace, c.Code) {
			faces = append(faces, c.Code)
		}
	}
	for _, code := range in.FaceToFace {
		p.Check(slices.Contains(faces, code), "contact.face_to_face", "profile.choose")
	}
	r.Handling.FaceToFace, r.Handling.ContactRequired = faces, in.Required
}

// RaterChoices are who may rate: every proposer, or the lead alone.
func RaterChoices() []string { return []string{"all", "lead"} }

// ClosingChoices are the rules of closing: replied, rated, or confirmed by the
// office.
func ClosingChoices() []string { return []string{"replied", "rated", "confirmed"} }

// BodyModes are the ways a proposal's text is entered.
func BodyModes() []string { return []string{string(SingleBody), string(ThreeParts)} }

func (in RatingIn) apply(r *Rules, p *fault.Problems) {
	p.Check(slices.Contains(RaterChoices(), in.Raters), "rating.raters", "profile.choose")
	p.Check(slices.Contains(ClosingChoices(), in.Closing), "rating.closing", "profile.choose")
	r.Handling.Raters, r.Handling.Closing = in.Raters, in.Closing
	r.Handling.Grades = entries(p, "rating.grades", in.Grades, r.Handling.Grades, closedList)
	r.Handling.Questions = entries(p, "rating.questions", in.Questions, r.Handling.Questions, spareList)
	p.Check(offered(r.Handling.Questions) <= questionsMost, "rating.questions", "profile.questions.many", "most", questionsMost)
	r.Handling.Blind = in.Blind
}

func (in RemindersIn) days(p *fault.Problems) []int {
	const field = "reminders.days"
	days := slices.Clone(in.Days)
	sort.Sort(sort.Reverse(sort.IntSlice(days)))
	days = slices.Compact(days)
	p.Check(len(days) <= remindersMost, field, "profile.remind.many", "most", remindersMost)
	for _, d := range days {
		if d > remindBefore || d < -remindLag {
			p.Add(field, "profile.remind.range", "before", remindBefore, "after", remindLag)
			break
		}
	}
	if days == nil {
		days = []int{}
	}
	return days
}
