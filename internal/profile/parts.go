package profile

import "tongxin/internal/calendar"

// EntryIn is one entry of a list. An entry without words is left out; a new
// one may leave its code to us. Place orders the list, lowest
// first; 0 stands last.
type EntryIn struct {
	Code  string `json:"code"`
	Name  string `json:"name"`
	Off   bool   `json:"off"`
	Place int    `json:"place"`
}

// TextsIn is the section of a proposal's text.
type TextsIn struct {
	BodyMode            BodyMode `json:"body_mode"`
	TitleMax            int      `json:"title_max"`
	BodyMin             int      `json:"body_min"`
	BodyMax             int      `json:"body_max"`
	BasisRequired       bool     `json:"basis_required"`
	ItemsMin            int      `json:"items_min"`
	ItemsMax            int      `json:"items_max"`
	AttachmentsMax      int      `json:"attachments_max"`
	AttachmentMegabytes int      `json:"attachment_megabytes"`
}

// FilingIn is the section of windows and numbers.
type FilingIn struct {
	NumberWidth   int  `json:"number_width"`
	SectorAnytime bool `json:"sector_anytime"`
	CollectMonths int  `json:"collect_months"`
}

// ReviewIn is the section of review.
type ReviewIn struct {
	Levels         []string `json:"levels"`
	ConfirmAmended bool     `json:"confirm_amended"`
}

// ReasonsIn is the section of reasons.
type ReasonsIn struct {
	NotFiled []EntryIn `json:"not_filed"`
	Return   []EntryIn `json:"return"`
}

// DeadlinesIn is the section of deadlines.
type DeadlinesIn struct {
	ReviewDue          calendar.Rule `json:"review_due"`
	SignWorkdays       int           `json:"sign_workdays"`
	ContactWorkdays    int           `json:"contact_workdays"`
	AssistDue          calendar.Rule `json:"assist_due"`
	ReplyDue           calendar.Rule `json:"reply_due"`
	ReplyDueIntersess  calendar.Rule `json:"reply_due_intersession"`
	CollectiveDiffers  bool          `json:"collective_differs"`
	ReplyDueCollective calendar.Rule `json:"reply_due_collective"`
	RateWorkdays       int           `json:"rate_workdays"`
}

// ClassesIn is the section of results.
type ClassesIn struct {
	Classes      []EntryIn `json:"classes"`
	ItemOutcomes []EntryIn `json:"item_outcomes"`
	Publicity    []EntryIn `json:"publicity"`
}

// ContactIn is the section of contacts.
type ContactIn struct {
	Forms      []EntryIn `json:"forms"`
	FaceToFace []string  `json:"face_to_face"`
	Required   bool      `json:"required"`
}

// RatingIn is the section of rating and closing.
type RatingIn struct {
	Raters  string    `json:"raters"`
	Closing string    `json:"closing"`
	Grades  []EntryIn `json:"grades"`
	// Questions may all be off: then nothing is asked beside attitude and result.
	Questions []EntryIn `json:"questions"`
	Blind     bool      `json:"blind"`
}

// RemindersIn is the section of reminders.
type RemindersIn struct {
	Days []int `json:"days"` // working days before (+) and after (-) the due date
}

// KeyIn is the section of key proposals.
type KeyIn struct {
	Criteria     []EntryIn     `json:"criteria"`
	Number       int           `json:"number"`
	PerMille     int           `json:"per_mille"`
	DueDiffers   bool          `json:"due_differs"` // without it ReplyDue is not read
	ReplyDue     calendar.Rule `json:"reply_due"`
	PlanWorkdays int           `json:"plan_workdays"`
	Forms        []EntryIn     `json:"forms"`
}

// ArchiveIn is the section of the archive.
type ArchiveIn struct {
	Retention []EntryIn `json:"retention"`
	Usual     string    `json:"usual"`
	KeyUsual  string    `json:"key_usual"`
	Fonds     string    `json:"fonds"`
}
