package profile

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"tongxin/internal/calendar"
)

// Section is a group of rules that is shown and saved together.
type Section string

// The sections.
const (
	Texts      Section = "texts"      // what a proposal's text must be
	Filing     Section = "filing"     // windows and numbers
	Categories Section = "categories" // 类别
	Review     Section = "review"     // 审查
	Reasons    Section = "reasons"    // 不予立案 and 退回
	Deadlines  Section = "deadlines"  // 期限
	Classes    Section = "classes"    // 办理结果
	Contact    Section = "contact"    // 联系沟通
	Rating     Section = "rating"     // 评价 and 结案
	Reminders  Section = "reminders"  // 提醒
)

// Sections lists them in the order of the page.
func Sections() []Section {
	return []Section{Texts, Filing, Categories, Review, Reasons, Deadlines, Classes, Contact, Rating, Reminders}
}

// Shape says what kind of value a setting has, so that a page can word it.
type Shape int

// The shapes.
const (
	Number Shape = iota
	Flag
	Choice
	List     // of codes with words
	Codes    // codes of another list, or levels
	Days     // working days before and after
	Deadline // a calendar.Rule as JSON, "" for none
)

// Setting is one rule as pages, histories and audit rows name it.
type Setting struct {
	Section Section
	Key     string // as in the JSON of Rules: proposal.title_max
	Shape   Shape
	get     func(*Rules) any
}

// Settings lists every setting in the order of the pages.
func Settings() []Setting {
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
		{Deadlines, "proposal.review_due", Deadline, func(r *Rules) any { return r.Proposal.ReviewDue }},
		{Deadlines, "handling.sign_workdays", Number, func(r *Rules) any { return r.Handling.SignWorkdays }},
		{Deadlines, "handling.contact_workdays", Number, func(r *Rules) any { return r.Handling.ContactWorkdays }},
		{Deadlines, "handling.assist_due", Deadline, func(r *Rules) any { return r.Handling.AssistDue }},
		{Deadlines, "handling.reply_due", Deadline, func(r *Rules) any { return r.Handling.ReplyDue }},
		{Deadlines, "handling.reply_due_intersession", Deadline, func(r *Rules) any { return r.Handling.ReplyDueIntersess }},
		{Deadlines, "handling.reply_due_collective", Deadline, func(r *Rules) any { return r.Handling.ReplyDueCollective }},
		{Deadlines, "handling.rate_workdays", Number, func(r *Rules) any { return r.Handling.RateWorkdays }},
		{Classes, "handling.classes", List, func(r *Rules) any { return r.Handling.Classes }},
		{Classes, "handling.item_outcomes", List, func(r *Rules) any { return r.Handling.ItemOutcomes }},
		{Classes, "handling.publicity", List, func(r *Rules) any { return r.Handling.Publicity }},
		{Contact, "handling.contact_forms", List, func(r *Rules) any { return r.Handling.ContactForms }},
		{Contact, "handling.face_to_face", Codes, func(r *Rules) any { return r.Handling.FaceToFace }},
		{Contact, "handling.contact_required", Flag, func(r *Rules) any { return r.Handling.ContactRequired }},
		{Rating, "handling.raters", Choice, func(r *Rules) any { return r.Handling.Raters }},
		{Rating, "handling.grades", List, func(r *Rules) any { return r.Handling.Grades }},
		{Rating, "handling.closing", Choice, func(r *Rules) any { return r.Handling.Closing }},
		{Reminders, "handling.remind_at", Days, func(r *Rules) any { return r.Handling.RemindAt }},
	}
}

// SettingOf finds a setting by its key.
func SettingOf(key string) (Setting, bool) {
	all := Settings()
	i := slices.IndexFunc(all, func(s Setting) bool { return s.Key == key })
	if i < 0 {
		return Setting{}, false
	}
	return all[i], true
}

// Text is the value in a short form that can be compared and kept: a number, a
// code, true or false, codes with commas, a deadline as JSON.
func (s Setting) Text(r *Rules) string {
	switch v := s.get(r).(type) {
	case int:
		return strconv.Itoa(v)
	case bool:
		return strconv.FormatBool(v)
	case string:
		return v
	case []string:
		return strings.Join(v, ",")
	case []int:
		texts := make([]string, len(v))
		for i, n := range v {
			texts[i] = strconv.Itoa(n)
		}
		return strings.Join(texts, ",")
	case []Coded:
		return codesOf(v)
	case calendar.Rule:
		return ruleText(&v)
	case *calendar.Rule:
		return ruleText(v)
	default:
		return ""
	}
}

// Entries is the value of a List.
func (s Setting) Entries(r *Rules) []Coded {
	list, _ := s.get(r).([]Coded)
	return list
}

func codesOf(list []Coded) string {
	codes := make([]string, len(list))
	for i, c := range list {
		codes[i] = c.Code
	}
	return strings.Join(codes, ",")
}

func ruleText(r *calendar.Rule) string {
	if r == nil {
		return ""
	}
	b, err := json.Marshal(r)
	if err != nil {
		return ""
	}
	return string(b)
}

// Change is one difference between two versions. For an entry of a list Code
// names it and the texts are its words; a list whose order changed has the
// codes in order.
type Change struct {
	Key    string `json:"key"`
	Code   string `json:"code,omitempty"`
	Was    string `json:"was"`
	Is     string `json:"is"`
	WasOff bool   `json:"was_off,omitempty"`
	IsOff  bool   `json:"is_off,omitempty"`
}

// Diff lists what changed from one version to another.
func Diff(was, is *Rules) []Change {
	list := []Change{}
	for _, s := range Settings() {
		if s.Shape == List {
			list = append(list, diffEntries(s.Key, s.Entries(was), s.Entries(is))...)
			continue
		}
		if a, b := s.Text(was), s.Text(is); a != b {
			list = append(list, Change{Key: s.Key, Was: a, Is: b})
		}
	}
	return list
}

func diffEntries(key string, was, is []Coded) []Change {
	var list []Change
	old := map[string]Coded{}
	for _, c := range was {
		old[c.Code] = c
	}
	for _, c := range is {
		o, had := old[c.Code]
		delete(old, c.Code)
		if !had || o != c {
			list = append(list, Change{Key: key, Code: c.Code, Was: o.Name, Is: c.Name, WasOff: o.Off, IsOff: c.Off})
		}
	}
	for _, c := range was {
		if _, gone := old[c.Code]; gone {
			list = append(list, Change{Key: key, Code: c.Code, Was: c.Name, WasOff: c.Off})
		}
	}
	if a, b := common(was, is), common(is, was); a != b {
		list = append(list, Change{Key: key, Was: a, Is: b})
	}
	return list
}

// common are the codes of list that other has too, in the order of list.
func common(list, other []Coded) string {
	var codes []string
	for _, c := range list {
		if slices.ContainsFunc(other, func(o Coded) bool { return o.Code == c.Code }) {
			codes = append(codes, c.Code)
		}
	}
	return strings.Join(codes, ",")
}
