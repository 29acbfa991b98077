package profile

import "slices"

// restore puts a section back to the defaults. Entries that were added stay in
// their lists, switched off, because old cases may carry their codes.
func restore(r *Rules, s Section) {
	d := Defaults()
	a, b := &r.Proposal, &d.Proposal
	h, k := &r.Handling, &d.Handling
	switch s {
	case Texts:
		a.BodyMode, a.TitleMax, a.BodyMin, a.BodyMax, a.BasisRequired = b.BodyMode, b.TitleMax, b.BodyMin, b.BodyMax, b.BasisRequired
		a.ItemsMin, a.ItemsMax, a.AttachmentsMax, a.AttachmentBytes = b.ItemsMin, b.ItemsMax, b.AttachmentsMax, b.AttachmentBytes
	case Filing:
		a.NumberWidth, a.SectorAnytime, r.Session = b.NumberWidth, b.SectorAnytime, d.Session
	case Categories:
		a.Categories = keepAdded(b.Categories, a.Categories)
	case Review:
		a.Levels, a.ConfirmAmended = b.Levels, b.ConfirmAmended
	case Reasons:
		a.NotFiledReasons, a.ReturnReasons = keepAdded(b.NotFiledReasons, a.NotFiledReasons), keepAdded(b.ReturnReasons, a.ReturnReasons)
	case Deadlines:
		a.ReviewDue = b.ReviewDue
		h.SignWorkdays, h.ContactWorkdays, h.RateWorkdays = k.SignWorkdays, k.ContactWorkdays, k.RateWorkdays
		h.AssistDue, h.ReplyDue, h.ReplyDueIntersess, h.ReplyDueCollective = k.AssistDue, k.ReplyDue, k.ReplyDueIntersess, k.ReplyDueCollective
	case Classes:
		h.Classes, h.ItemOutcomes, h.Publicity = keepAdded(k.Classes, h.Classes), keepAdded(k.ItemOutcomes, h.ItemOutcomes), keepAdded(k.Publicity, h.Publicity)
	case Contact:
		h.ContactForms, h.FaceToFace, h.ContactRequired = keepAdded(k.ContactForms, h.ContactForms), k.FaceToFace, k.ContactRequired
	case Rating:
		h.Raters, h.Closing, h.Grades = k.Raters, k.Closing, keepAdded(k.Grades, h.Grades)
		h.Questions, h.Blind = keepAdded(k.Questions, h.Questions), k.Blind
	case Reminders:
		h.RemindAt = k.RemindAt
	default:
		restoreYear(r, &d, s)
	}
}

// restoreYear is restore for the sections of the handling year.
func restoreYear(r, d *Rules, s Section) {
	h, k := &r.Handling, &d.Handling
	switch s {
	case Objection:
		h.Objection = k.Objection
	case Extension:
		h.Extension = k.Extension
	case Together:
		h.Together = k.Together
	case Reading:
		h.Reading = k.Reading
	case Again:
		h.Again = k.Again
	case Promise:
		h.Promise = k.Promise
	case Supervision:
		h.Supervision = k.Supervision
	case Key:
		d.Key.Criteria, d.Key.Forms = keepAdded(d.Key.Criteria, r.Key.Criteria), keepAdded(d.Key.Forms, r.Key.Forms)
		r.Key = d.Key
	case Notices:
		r.Notices = d.Notices
	case Archive:
		d.Archive.Retention = keepAdded(d.Archive.Retention, r.Archive.Retention)
		r.Archive = d.Archive
	}
}

func keepAdded(defaults, current []Coded) []Coded {
	list := slices.Clone(defaults)
	for _, c := range current {
		if !has(defaults, c.Code) {
			c.Off = true
			list = append(list, c)
		}
	}
	return list
}
