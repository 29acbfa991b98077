package profile

// FormOf are the rules of every section as its form shows them. Sent back
// untouched, with the name of a section, they change nothing.
func FormOf(r *Rules) ChangeIn {
	p, h := r.Proposal, r.Handling
	return ChangeIn{
		Texts: TextsIn{BodyMode: p.BodyMode, TitleMax: p.TitleMax, BodyMin: p.BodyMin, BodyMax: p.BodyMax, BasisRequired: p.BasisRequired,
			ItemsMin: p.ItemsMin, ItemsMax: p.ItemsMax, AttachmentsMax: p.AttachmentsMax, AttachmentMegabytes: int(p.AttachmentBytes >> 20)},
		Filing:      FilingIn{NumberWidth: p.NumberWidth, SectorAnytime: p.SectorAnytime, CollectMonths: r.Session.CollectMonths},
		Categories:  typed(p.Categories),
		Review:      ReviewIn{Levels: p.Levels, ConfirmAmended: p.ConfirmAmended},
		Reasons:     ReasonsIn{NotFiled: typed(p.NotFiledReasons), Return: typed(p.ReturnReasons)},
		Deadlines:   DeadlinesOf(r),
		Objection:   h.Objection,
		Extension:   h.Extension,
		Together:    h.Together,
		Contact:     ContactIn{Forms: typed(h.ContactForms), FaceToFace: h.FaceToFace, Required: h.ContactRequired},
		Classes:     ClassesIn{Classes: typed(h.Classes), ItemOutcomes: typed(h.ItemOutcomes), Publicity: typed(h.Publicity)},
		Reading:     h.Reading,
		Rating:      RatingIn{Raters: h.Raters, Closing: h.Closing, Grades: typed(h.Grades), Questions: typed(h.Questions), Blind: h.Blind},
		Again:       h.Again,
		Reminders:   RemindersIn{Days: h.RemindAt},
		Supervision: h.Supervision,
		Promise:     h.Promise,
		Key:         keyOf(r),
		Notices:     r.Notices,
		Archive:     ArchiveIn{Retention: typed(r.Archive.Retention), Usual: r.Archive.Usual, KeyUsual: r.Archive.KeyUsual, Fonds: r.Archive.Fonds},
	}
}

// typed is a list as its rows.
func typed(list []Coded) []EntryIn {
	rows := make([]EntryIn, len(list))
	for i, c := range list {
		rows[i] = EntryIn{Code: c.Code, Name: c.Name, Off: c.Off, Place: i + 1}
	}
	return rows
}

// DeadlinesOf are the deadlines of rules, as the form shows them.
func DeadlinesOf(r *Rules) DeadlinesIn {
	h := r.Handling
	in := DeadlinesIn{ReviewDue: r.Proposal.ReviewDue, SignWorkdays: h.SignWorkdays, ContactWorkdays: h.ContactWorkdays,
		AssistDue: h.AssistDue, ReplyDue: h.ReplyDue, ReplyDueIntersess: h.ReplyDueIntersess, RateWorkdays: h.RateWorkdays}
	if in.CollectiveDiffers = h.ReplyDueCollective != nil; in.CollectiveDiffers {
		in.ReplyDueCollective = *h.ReplyDueCollective
	} else {
		in.ReplyDueCollective = h.ReplyDue
	}
	return in
}

// keyOf is the section of key proposals; a deadline as usual is offered as
// what the product came with.
func keyOf(r *Rules) KeyIn {
	k := r.Key
	in := KeyIn{Criteria: typed(k.Criteria), Number: k.Number, PerMille: k.PerMille, PlanWorkdays: k.PlanWorkdays, Forms: typed(k.Forms)}
	due := k.ReplyDue
	if in.DueDiffers = due != nil; !in.DueDiffers {
		due = Defaults().Key.ReplyDue
	}
	in.ReplyDue = *due
	return in
}
