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
		},
		Session: SessionRules{CollectMonths: 3},
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
