package profile

import "slices"

// Section is a part of the rules that is shown and saved together.
type Section string

// The sections.
const (
	Texts       Section = "texts"       // what a proposal's text must be
	Filing      Section = "filing"      // windows and numbers
	Categories  Section = "categories"  // 类别
	Review      Section = "review"      // 审查
	Reasons     Section = "reasons"     // 不予立案 and 退回
	Deadlines   Section = "deadlines"   // 期限
	Objection   Section = "objection"   // 退办
	Extension   Section = "extension"   // 延期
	Together    Section = "together"    // 会办、会签
	Contact     Section = "contact"     // 联系沟通
	Classes     Section = "classes"     // 办理结果
	Reading     Section = "reading"     // 复文预审
	Rating      Section = "rating"      // 评价 and 结案
	Again       Section = "again"       // 二次办理
	Reminders   Section = "reminders"   // 提醒
	Supervision Section = "supervision" // 督查、催办
	Promise     Section = "promise"     // 承诺跟踪
	Key         Section = "key"         // 重点提案
	Notices     Section = "notices"     // 通知时间
	Archive     Section = "archive"     // 归档
)

// Group is a heading under which sections stand on the page. Its words are the
// message key profile.group.….
type Group struct {
	Name     string
	Sections []Section
}

// Groups lists the headings in the order of the page.
func Groups() []Group {
	return []Group{
		{"writing", []Section{Texts, Filing, Categories, Review, Reasons}},
		{"handling", []Section{Deadlines, Objection, Extension, Together, Contact}},
		{"reply", []Section{Classes, Reading, Rating, Again}},
		{"supervision", []Section{Reminders, Supervision, Promise, Key}},
		{"committee", []Section{Notices, Archive}},
	}
}

// Sections lists them in the order of the page.
func Sections() []Section {
	var list []Section
	for _, g := range Groups() {
		list = append(list, g.Sections...)
	}
	return list
}

// Settings lists every setting in the order of the pages.
func Settings() []Setting {
	return slices.Concat(writingSettings(), handlingSettings(), replySettings(), supervisionSettings(), committeeSettings())
}

// writingSettings are those up to filing.
func writingSettings() []Setting {
	return []Setting{
		{Texts, "proposal.body_mode", Choice, func(r *Rules) any { return string(r.Proposal.BodyMode) }},
		{Texts, "proposal.title_max", Number, func(r *Rules) any { return r.Proposal.TitleMax }},
		{Texts, "proposal.body_min", Number, func(r *Rules) any { return r.Proposal.BodyMin }},
		{Texts, "proposal.body_max", Number, func(r *Rules) any { return r.Proposal.BodyMax }},
		{Texts, "proposal.basis_required", Flag, func(r *Rules) any { return r.Proposal.BasisRequired }},
		{Texts, "proposal.items_min", Number, func(r *Rules) any { return r.Proposal.ItemsMin }},
		{Texts, "proposal.items_max", Number, func(r *Rules) any { return r.Proposal.ItemsMax }},
		{Texts, "proposal.attachments_max", Number, func(r *Rules) any { return r.Proposal.AttachmentsMax }},
		{Texts, "proposal.attachment_bytes", Number, func(r *Rules) any { return int(r.Proposal.AttachmentBytes >> 20) }},
		{Filing, "proposal.number_width", Number, func(r *Rules) any { return r.Proposal.NumberWidth }},
		{Filing, "proposal.sector_anytime", Flag, func(r *Rules) any { return r.Proposal.SectorAnytime }},
		{Filing, "session.collect_months", Number, func(r *Rules) any { return r.Session.CollectMonths }},
		{Categories, "proposal.categories", List, func(r *Rules) any { return r.Proposal.Categories }},
		{Review, "proposal.levels", Codes, func(r *Rules) any { return r.Proposal.Levels }},
		{Review, "proposal.confirm_amended", Flag, func(r *Rules) any { return r.Proposal.ConfirmAmended }},
		{Reasons, "proposal.not_filed_reasons", List, func(r *Rules) any { return r.Proposal.NotFiledReasons }},
		{Reasons, "proposal.return_reasons", List, func(r *Rules) any { return r.Proposal.ReturnReasons }},
	}
}

// handlingSettings are those from dispatch to the reply.
func handlingSettings() []Setting {
	return []Setting{
		{Deadlines, "proposal.review_due", Deadline, func(r *Rules) any { return r.Proposal.ReviewDue }},
		{Deadlines, "handling.sign_workdays", Number, func(r *Rules) any { return r.Handling.SignWorkdays }},
		{Deadlines, "handling.contact_workdays", Number, func(r *Rules) any { return r.Handling.ContactWorkdays }},
		{Deadlines, "handling.assist_due", Deadline, func(r *Rules) any { return r.Handling.AssistDue }},
		{Deadlines, "handling.reply_due", Deadline, func(r *Rules) any { return r.Handling.ReplyDue }},
		{Deadlines, "handling.reply_due_intersession", Deadline, func(r *Rules) any { return r.Handling.ReplyDueIntersess }},
		{Deadlines, "handling.reply_due_collective", Deadline, func(r *Rules) any { return r.Handling.ReplyDueCollective }},
		{Deadlines, "handling.rate_workdays", Number, func(r *Rules) any { return r.Handling.RateWorkdays }},
		{Objection, "handling.objection.workdays", Number, func(r *Rules) any { return r.Handling.Objection.Workdays }},
		{Objection, "handling.objection.ruling_workdays", Number, func(r *Rules) any { return r.Handling.Objection.RulingWorkdays }},
		{Objection, "handling.objection.silence", Flag, func(r *Rules) any { return r.Handling.Objection.Silence }},
		{Objection, "handling.objection.unit_most", Number, func(r *Rules) any { return r.Handling.Objection.UnitMost }},
		{Objection, "handling.objection.case_most", Number, func(r *Rules) any { return r.Handling.Objection.CaseMost }},
		{Extension, "handling.extension.approver", Choice, func(r *Rules) any { return r.Handling.Extension.Approver }},
		{Extension, "handling.extension.months", Number, func(r *Rules) any { return r.Handling.Extension.Months }},
		{Extension, "handling.extension.most", Number, func(r *Rules) any { return r.Handling.Extension.Most }},
		{Together, "handling.together.required", Flag, func(r *Rules) any { return r.Handling.Together.Required }},
		{Together, "handling.together.countersign", Flag, func(r *Rules) any { return r.Handling.Together.Countersign }},
		{Together, "handling.together.countersign_days", Number, func(r *Rules) any { return r.Handling.Together.CountersignDays }},
		{Contact, "handling.contact_forms", List, func(r *Rules) any { return r.Handling.ContactForms }},
		{Contact, "handling.face_to_face", Codes, func(r *Rules) any { return r.Handling.FaceToFace }},
		{Contact, "handling.contact_required", Flag, func(r *Rules) any { return r.Handling.ContactRequired }},
	}
}

// replySettings are those of the reply and its rating.
func replySettings() []Setting {
	return []Setting{
		{Classes, "handling.classes", List, func(r *Rules) any { return r.Handling.Classes }},
		{Classes, "handling.item_outcomes", List, func(r *Rules) any { return r.Handling.ItemOutcomes }},
		{Classes, "handling.publicity", List, func(r *Rules) any { return r.Handling.Publicity }},
		{Reading, "handling.reading.on", Flag, func(r *Rules) any { return r.Handling.Reading.On }},
		{Reading, "handling.reading.workdays", Number, func(r *Rules) any { return r.Handling.Reading.Workdays }},
		{Rating, "handling.raters", Choice, func(r *Rules) any { return r.Handling.Raters }},
		{Rating, "handling.grades", List, func(r *Rules) any { return r.Handling.Grades }},
		{Rating, "handling.closing", Choice, func(r *Rules) any { return r.Handling.Closing }},
		{Rating, "handling.questions", List, func(r *Rules) any { return r.Handling.Questions }},
		{Rating, "handling.blind", Flag, func(r *Rules) any { return r.Handling.Blind }},
		{Again, "handling.again.on", Choice, func(r *Rules) any { return r.Handling.Again.On }},
		{Again, "handling.again.due", Deadline, func(r *Rules) any { return r.Handling.Again.Due }},
		{Again, "handling.again.rounds", Number, func(r *Rules) any { return r.Handling.Again.Rounds }},
		{Again, "handling.again.ruling", Flag, func(r *Rules) any { return r.Handling.Again.Ruling }},
	}
}

// supervisionSettings are those of chasing and following up.
func supervisionSettings() []Setting {
	return []Setting{
		{Reminders, "handling.remind_at", Days, func(r *Rules) any { return r.Handling.RemindAt }},
		{Supervision, "handling.supervision.near_workdays", Number, func(r *Rules) any { return r.Handling.Supervision.NearWorkdays }},
		{Supervision, "handling.supervision.quiet_workdays", Number, func(r *Rules) any { return r.Handling.Supervision.QuietWorkdays }},
		{Supervision, "handling.supervision.answer_days", Number, func(r *Rules) any { return r.Handling.Supervision.AnswerDays }},
		{Supervision, "handling.supervision.leader_after", Number, func(r *Rules) any { return r.Handling.Supervision.LeaderAfter }},
		{Promise, "handling.promise.outcomes", Codes, func(r *Rules) any { return r.Handling.Promise.Outcomes }},
		{Promise, "handling.promise.classes", Codes, func(r *Rules) any { return r.Handling.Promise.Classes }},
		{Promise, "handling.promise.months_max", Number, func(r *Rules) any { return r.Handling.Promise.MonthsMax }},
		{Promise, "handling.promise.near_days", Number, func(r *Rules) any { return r.Handling.Promise.NearDays }},
		{Promise, "handling.promise.confirm", Flag, func(r *Rules) any { return r.Handling.Promise.Confirm }},
		{Key, "key.criteria", List, func(r *Rules) any { return r.Key.Criteria }},
		{Key, "key.number", Number, func(r *Rules) any { return r.Key.Number }},
		{Key, "key.per_mille", Number, func(r *Rules) any { return r.Key.PerMille }},
		{Key, "key.reply_due", Deadline, func(r *Rules) any { return r.Key.ReplyDue }},
		{Key, "key.plan_workdays", Number, func(r *Rules) any { return r.Key.PlanWorkdays }},
		{Key, "key.forms", List, func(r *Rules) any { return r.Key.Forms }},
	}
}

// committeeSettings are those of the committee's own house.
func committeeSettings() []Setting {
	return []Setting{
		{Notices, "notices.quiet_from", Plain, func(r *Rules) any { return r.Notices.QuietFrom }},
		{Notices, "notices.quiet_to", Plain, func(r *Rules) any { return r.Notices.QuietTo }},
		{Notices, "notices.digest_at", Plain, func(r *Rules) any { return r.Notices.DigestAt }},
		{Archive, "archive.retention", List, func(r *Rules) any { return r.Archive.Retention }},
		{Archive, "archive.usual", Codes, func(r *Rules) any { return r.Archive.Usual }},
		{Archive, "archive.key_usual", Codes, func(r *Rules) any { return r.Archive.KeyUsual }},
		{Archive, "archive.fonds", Plain, func(r *Rules) any { return r.Archive.Fonds }},
	}
}
