package profile

import "tongxin/internal/calendar"

// Coded is an entry of an editable list: a code that never changes and the
// words people see. An entry that is Off is no longer offered, but old cases
// still show its words.
type Coded struct {
	Code string `json:"code"`
	Name string `json:"name"`
	Off  bool   `json:"off,omitempty"`
}

// BodyMode says in how many parts a proposal's text is entered.
type BodyMode string

// The modes.
const (
	SingleBody BodyMode = "single"
	ThreeParts BodyMode = "three_part" // 背景情况, 问题及分析, 具体建议
)

// Levels of review (审查), in the order in which they happen.
const (
	Preliminary = "preliminary" // 预审, by the review group
	First       = "first"       // 初审
	Second      = "second"      // 复审
	Final       = "final"       // 终审
)

// Rules are one version of a committee's rules.
type Rules struct {
	Proposal ProposalRules `json:"proposal"`
	Handling HandlingRules `json:"handling"`
	Session  SessionRules  `json:"session"`
	Key      KeyRules      `json:"key"`
	Notices  NoticeRules   `json:"notices"`
	Archive  ArchiveRules  `json:"archive"`
}

// ProposalRules are the rules up to filing (domain.md 1.1–1.5).
type ProposalRules struct {
	BodyMode        BodyMode `json:"body_mode"`
	TitleMax        int      `json:"title_max"`         // characters
	BodyMax         int      `json:"body_max"`          // characters of the whole text
	BodyMin         int      `json:"body_min"`          // characters; 0: none
	BasisRequired   bool     `json:"basis_required"`    // 不调研不提案: the research basis must be told
	ItemsMin        int      `json:"items_min"`         // numbered suggestions at least
	ItemsMax        int      `json:"items_max"`         // and at most
	AttachmentsMax  int      `json:"attachments_max"`   // files per proposal
	AttachmentBytes int64    `json:"attachment_bytes"`  // of one file
	Categories      []Coded  `json:"categories"`        // of this term; see Spheres
	Levels          []string `json:"levels"`            // of review, in order; the last one files
	NotFiledReasons []Coded  `json:"not_filed_reasons"` // 不予立案, national list of ten, editable
	ReturnReasons   []Coded  `json:"return_reasons"`    // 退回修改
	ConfirmAmended  bool     `json:"confirm_amended"`   // the proposer confirms the office's edits before filing
	NumberWidth     int      `json:"number_width"`      // digits of a proposal's number
	SectorAnytime   bool     `json:"sector_anytime"`    // 界别 and 小组 may propose outside the plenary
	// ReviewDue is until when a submission must have its disposition.
	ReviewDue calendar.Rule `json:"review_due"`
}

// HandlingRules are the rules after filing (domain.md 1.7–1.13).
type HandlingRules struct {
	SignWorkdays       int            `json:"sign_workdays"`                  // 签收
	ContactWorkdays    int            `json:"contact_workdays"`               // first contact with the proposer
	AssistDue          calendar.Rule  `json:"assist_due"`                     // 会办意见
	ReplyDue           calendar.Rule  `json:"reply_due"`                      // 答复
	ReplyDueIntersess  calendar.Rule  `json:"reply_due_intersession"`         // 平时提案
	ReplyDueCollective *calendar.Rule `json:"reply_due_collective,omitempty"` // party and organisation proposals, when earlier
	Classes            []Coded        `json:"classes"`                        // A B C D
	Publicity          []Coded        `json:"publicity"`                      // full, summary, title_only, not_public
	ContactForms       []Coded        `json:"contact_forms"`                  // 面商 走访 座谈 现场 电话 线上; face_to_face codes below
	FaceToFace         []string       `json:"face_to_face"`                   // codes that need no consent
	ItemOutcomes       []Coded        `json:"item_outcomes"`                  // per suggestion: adopted, partly, planned, not_adopted
	ContactRequired    bool           `json:"contact_required"`               // no reply without a contact record
	Raters             string         `json:"raters"`                         // all | lead
	RateWorkdays       int            `json:"rate_workdays"`                  // 15
	Grades             []Coded        `json:"grades"`                         // satisfied, basically, dissatisfied
	Closing            string         `json:"closing"`                        // replied | rated | confirmed
	RemindAt           []int          `json:"remind_at"`                      // working days before (+) and after (-) the due date

	Objection   ObjectionRules   `json:"objection"`
	Extension   ExtensionRules   `json:"extension"`
	Together    TogetherRules    `json:"together"`
	Reading     ReadingRules     `json:"reading"`
	Again       AgainRules       `json:"again"`
	Promise     PromiseRules     `json:"promise"`
	Supervision SupervisionRules `json:"supervision"`
	// Questions are asked of raters beside attitude and result, each answered
	// with a grade.
	Questions []Coded `json:"questions"`
	// Blind hides ratings from the unit and from other raters until everybody
	// has rated or the time is over.
	Blind bool `json:"blind"`
}

// ObjectionRules say how a unit gives a case back (退办, domain.md 1.7).
type ObjectionRules struct {
	Workdays       int  `json:"workdays"`        // window from dispatch; the unit may object until its end
	RulingWorkdays int  `json:"ruling_workdays"` // until when who dispatched it rules
	Silence        bool `json:"silence"`         // who neither signs nor objects in the window has accepted
	UnitMost       int  `json:"unit_most"`       // objections of one unit in one case
	CaseMost       int  `json:"case_most"`       // rulings by which a case changes its unit; after them a dispatch binds
}

// Who decides about an extension.
const (
	ByDispatcher = "dispatcher" // who dispatched it
	ByOffice     = "office"     // the committee's office
	ByBoth       = "both"       // first who dispatched it, then the office
)

// ExtensionRules say how a deadline is put off (延期, domain.md 1.9).
type ExtensionRules struct {
	Approver string `json:"approver"` // dispatcher, office or both
	Months   int    `json:"months"`   // hard stop: no later than so many months after the first due date
	Most     int    `json:"most"`     // extensions of one assignment; 0: none
}

// TogetherRules say how units work on one case together (会办、会签, domain.md 1.8).
type TogetherRules struct {
	Required        bool `json:"required"`         // no reply before every opinion is in or waived
	Countersign     bool `json:"countersign"`      // assisting units countersign the draft
	CountersignDays int  `json:"countersign_days"` // working days for it
}

// ReadingRules say whether a supervision office reads replies before they go
// out (预审, domain.md 1.10).
type ReadingRules struct {
	On       bool `json:"on"`
	Workdays int  `json:"workdays"` // for reading
}

// What makes a second handling necessary.
const (
	AgainResult    = "result"    // dissatisfied with the result
	AgainEither    = "either"    // dissatisfied with result or attitude
	AgainBasically = "basically" // anything less than satisfied with the result
	AgainNever     = "never"
)

// AgainRules say what follows when a proposer is not satisfied (domain.md 1.12).
type AgainRules struct {
	On     string        `json:"on"`     // result, either, basically or never
	Due    calendar.Rule `json:"due"`    // of the second reply, from the rating
	Rounds int           `json:"rounds"` // of handling in all, the first counted
	Ruling bool          `json:"ruling"` // after the last round the committee rules; without it the case closes as it stands
}

// PromiseRules say what of a reply is entered as a promise (承诺, domain.md 1.13).
type PromiseRules struct {
	Outcomes  []string `json:"outcomes"`   // of a suggestion: such a one needs a promise with a date
	Classes   []string `json:"classes"`    // of a reply: such a one needs at least one promise
	Confirm   bool     `json:"confirm"`    // the proposer is asked to confirm that it was kept
	NearDays  int      `json:"near_days"`  // working days before the date from which it is reminded of
	MonthsMax int      `json:"months_max"` // the furthest date, from the reply
}

// SupervisionRules say how work is chased (督查、催办, domain.md 1.8).
type SupervisionRules struct {
	NearWorkdays  int `json:"near_workdays"`  // yellow: so many working days before the due date
	QuietWorkdays int `json:"quiet_workdays"` // after a chase no reminder says the same for so long
	AnswerDays    int `json:"answer_days"`    // working days in which a unit answers a formal letter (催办单)
	LeaderAfter   int `json:"leader_after"`   // working days late from which leaders are told; 0: never
}

// KeyRules are the rules of key proposals (重点提案, domain.md 2). A version is
// written whole: one that has them without ReplyDue means that it is as usual.
type KeyRules struct {
	Criteria     []Coded        `json:"criteria"`
	Number       int            `json:"number"`              // of a year; 0: Ratio holds
	PerMille     int            `json:"per_mille"`           // of the filed proposals
	ReplyDue     *calendar.Rule `json:"reply_due,omitempty"` // earlier than usual; nil: as usual
	PlanWorkdays int            `json:"plan_workdays"`       // for the unit's plan (办理方案), from the notice
	Forms        []Coded        `json:"forms"`               // of supervision
}

// NoticeRules say when messages leave the house: times of day in Beijing,
// written 07:30. Quiet hours may go over midnight; two equal ends are none.
type NoticeRules struct {
	QuietFrom string `json:"quiet_from"` // what is not urgent waits from here
	QuietTo   string `json:"quiet_to"`   // until here, which is quiet no more
	DigestAt  string `json:"digest_at"`  // when the daily digest goes out, of those who chose it
}

// Quiet reports whether what is not urgent waits at a time of day, written as
// the rules write it.
func (n NoticeRules) Quiet(at string) bool {
	if n.QuietFrom <= n.QuietTo {
		return n.QuietFrom <= at && at < n.QuietTo
	}
	return n.QuietFrom <= at || at < n.QuietTo
}

// ArchiveRules say how long a closed case is kept (归档).
type ArchiveRules struct {
	Retention []Coded `json:"retention"` // classes of retention: permanent, y30, y10
	Usual     string  `json:"usual"`     // of a case without another
	KeyUsual  string  `json:"key_usual"` // of a key proposal
	Fonds     string  `json:"fonds"`     // number of the fonds (全宗号), "" until it is known
}

// SessionRules are the rules of terms and sessions.
type SessionRules struct {
	CollectMonths int `json:"collect_months"` // how long before the plenary its proposals are collected
}

// Defaults are the rules of a committee that changed nothing.
func Defaults() Rules {
	return Rules{
		Proposal: ProposalRules{
			BodyMode: SingleBody, TitleMax: 50, BodyMax: 2000, BodyMin: 100, BasisRequired: true, ItemsMin: 1, ItemsMax: 12,
			AttachmentsMax: 5, AttachmentBytes: 32 << 20,
			Categories: []Coded{{"economy", "经济建设", false}, {"politics", "政治建设", false}, {"culture", "文化建设", false}, {"society", "社会建设", false}, {"ecology", "生态文明建设", false}},
			Levels:     []string{First, Final},
			NotFiledReasons: []Coded{
				{"secret", "涉及党和国家秘密", false}, {"prohibited", "国家明令禁止的事项", false}, {"party_internal", "中共党员对党内组织人事等的意见", false},
				{"party_own", "民主党派成员反映本组织内部问题", false}, {"litigation", "已进入诉讼或仲裁程序", false}, {"academic", "属于学术研讨", false},
				{"private", "为本人或亲属解决个人问题", false}, {"promotion", "宣传推介具体作品、产品", false}, {"accusation", "指名举报", false}, {"empty", "内容空泛，没有具体建议", false},
			},
			ReturnReasons:  []Coded{{"unclear", "情况或建议不够清楚", false}, {"several", "一件提案写了几件事", false}, {"basis", "缺少调研依据", false}, {"format", "格式或签名不完整", false}, {"long", "篇幅过长", false}},
			ConfirmAmended: true, NumberWidth: 3,
			ReviewDue: calendar.Rule{Base: calendar.FromSubmit, Workdays: 15, Roll: calendar.RollForward},
		},
		Handling: HandlingRules{
			SignWorkdays: 7, ContactWorkdays: 15,
			AssistDue:         calendar.Rule{Base: calendar.FromDispatch, Days: 30, Roll: calendar.RollForward},
			ReplyDue:          calendar.Rule{Base: calendar.FromDispatch, Months: 3, Roll: calendar.RollForward},
			ReplyDueIntersess: calendar.Rule{Base: calendar.FromDispatch, Months: 3, Roll: calendar.RollForward},
			Classes:           []Coded{{"A", "A 类：已经解决或基本解决", false}, {"B", "B 类：正在解决或列入计划", false}, {"C", "C 类：条件所限，以后解决", false}, {"D", "D 类：留作参考", false}},
			Publicity:         []Coded{{"full", "全文公开", false}, {"summary", "摘要公开", false}, {"title_only", "仅公开标题", false}, {"not_public", "不予公开", false}},
			ContactForms:      []Coded{{"meeting", "面商", false}, {"visit", "走访", false}, {"symposium", "座谈", false}, {"on_site", "现场办理", false}, {"phone", "电话", false}, {"online", "线上", false}},
			FaceToFace:        []string{"meeting", "visit", "symposium", "on_site"},
			ItemOutcomes:      []Coded{{"adopted", "已采纳", false}, {"partly", "部分采纳", false}, {"planned", "列入计划", false}, {"not_adopted", "未采纳", false}},
			ContactRequired:   true, Raters: "all", RateWorkdays: 15,
			Grades:  []Coded{{"satisfied", "满意", false}, {"basically", "基本满意", false}, {"dissatisfied", "不满意", false}},
			Closing: "rated", RemindAt: []int{30, 15, 7, 3, -1},
			Objection:   ObjectionRules{Workdays: 7, RulingWorkdays: 5, Silence: true, UnitMost: 1, CaseMost: 2},
			Extension:   ExtensionRules{Approver: ByDispatcher, Months: 3, Most: 1},
			Together:    TogetherRules{Required: true, CountersignDays: 5},
			Reading:     ReadingRules{Workdays: 5},
			Again:       AgainRules{On: AgainResult, Due: calendar.Rule{Base: calendar.FromRating, Days: 30, Roll: calendar.RollForward}, Rounds: 2, Ruling: true},
			Promise:     PromiseRules{Outcomes: []string{"planned"}, Classes: []string{"B"}, Confirm: true, NearDays: 15, MonthsMax: 36},
			Supervision: SupervisionRules{NearWorkdays: 7, QuietWorkdays: 3, AnswerDays: 5, LeaderAfter: 10},
			Questions:   []Coded{{"pertinent", "答复是否针对所提建议", true}, {"practical", "办理措施是否切实可行", true}},
		},
		Session: SessionRules{CollectMonths: 3},
		Key: KeyRules{
			Criteria: []Coded{{"matter", "事关全市中心工作", false}, {"people", "群众普遍关注", false}, {"weight", "影响面大、带动作用强", false}, {"feasible", "建议具体、能够办理", false}},
			PerMille: 60, ReplyDue: &calendar.Rule{Base: calendar.FromDispatch, Months: 2, Roll: calendar.RollForward}, PlanWorkdays: 15,
			Forms: []Coded{{"symposium", "协商座谈", false}, {"research", "专题调研", false}, {"visit", "实地视察", false}, {"session", "督办会", false}, {"call", "走访", false}},
		},
		Notices: NoticeRules{QuietFrom: "21:00", QuietTo: "07:30", DigestAt: "08:00"},
		Archive: ArchiveRules{Retention: []Coded{{"permanent", "永久", false}, {"y30", "30 年", false}, {"y10", "10 年", false}}, Usual: "y30", KeyUsual: "permanent"},
	}
}

// NameOf is the word of a code in a list, or the code itself.
func NameOf(list []Coded, code string) string {
	for _, c := range list {
		if c.Code == code {
			return c.Name
		}
	}
	return code
}

// Offered reports whether a code may still be chosen.
func Offered(list []Coded, code string) bool {
	for _, c := range list {
		if c.Code == code {
			return !c.Off
		}
	}
	return false
}
