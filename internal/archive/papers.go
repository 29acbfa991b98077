package archive

import (
	"fmt"
	"strconv"
	"strings"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/handling"
	"tongxin/internal/i18n"
	"tongxin/internal/profile"
	"tongxin/internal/proposal"
	"tongxin/internal/store"
)

// Codes of papers. They never change: metadata and manifests name them.
const (
	PaperForm        = "form"        // 提案表
	PaperText        = "text"        // 提案文本, one per version
	PaperReview      = "review"      // 审查表
	PaperDispatch    = "dispatch"    // 交办单
	PaperObjection   = "objection"   // 退办申请及裁定
	PaperExtension   = "extension"   // 延期申请及批复
	PaperContact     = "contact"     // 沟通记录
	PaperOpinion     = "opinion"     // 会办意见
	PaperCountersign = "countersign" // 会签记录
	PaperReading     = "reading"     // 答复预审记录
	PaperReply       = "reply"       // 答复, every round and follow-up
	PaperRating      = "rating"      // 征询意见表
	PaperAgain       = "again"       // 二次办理
	PaperLastWord    = "last-word"   // 最终裁定
	PaperPromise     = "promise"     // 承诺登记
	PaperHanded      = "handed"      // 移交记录
	PaperKey         = "key"         // 重点提案确定和办理方案
	PaperSupervision = "supervision" // 重点提案督办记录
	PaperInstruction = "instruction" // 领导批示
	PaperChase       = "chase"       // 催办单
	PaperResult      = "result"      // 督办结果报送
	PaperDeadlines   = "deadlines"   // 期限变动
	PaperProcess     = "process"     // 办理过程记录
)

// Proposals are the papers of proposals.
type Proposals struct{}

var _ Kind = Proposals{}

// source is a case of a proposal, read once for all its papers.
type source struct {
	r     *proposal.Record
	c     handling.Case
	v     handling.View      // letters and ratings as the office reads them
	m     *handling.Matter   // what the page leaves out: units that were changed, drafts under way
	k     *proposal.KeyShown // nil when it is no key proposal
	rules *profile.Rules
	facts map[string]int // how often each kind of fact was recorded for the case
	words i18n.Words     // papers are Chinese in every language of the page
}

// sheets makes the papers in the order of the file. Each gives none, one or
// several; a new kind of paper is one function here and one code above.
func (s *source) sheets() []func() []Paper {
	return []func() []Paper{s.form, s.texts, s.review, s.dispatch, s.objections, s.extensions, s.contacts, s.opinions, s.countersigns, s.readings, s.replies, s.ratings,
		s.again, s.lastWords, s.promises, s.key, s.supervisions, s.instructions, s.results, s.handed, s.deadlines}
}

// Papers reads a proposal with everything that was done about it.
func (Proposals) Papers(l *app.Look, id string) (*Dossier, error) {
	s, err := read(l, id)
	if err != nil {
		return nil, err
	}
	d := &Dossier{Header: s.header(), Open: unfinished(s.m)}
	for _, sheet := range s.sheets() {
		d.Papers = append(d.Papers, sheet()...)
	}
	d.Objects = s.objects()
	d.Expect = s.expect(d.Papers)
	return d, nil
}

func read(l *app.Look, id string) (*source, error) {
	if !l.Who().Is(access.Office, access.Chief, access.Leader, access.System) {
		return nil, missing()
	}
	s := &source{words: chinese(l.App())}
	var err error
	if s.c, err = handling.CaseOf(l, proposal.CaseKind, id); err != nil {
		return nil, err
	}
	if !s.c.Ready {
		return nil, missing()
	}
	if s.r, err = proposal.RecordOf(l, id); err != nil {
		return nil, err
	}
	if s.v, err = handling.ViewOf(l, s.c); err != nil {
		return nil, err
	}
	if s.m, err = handling.MatterOf(l, proposal.CaseKind, id); err != nil {
		return nil, err
	}
	if s.rules, _, err = profile.Current(l); err != nil {
		return nil, err
	}
	if err = s.readKey(l); err != nil {
		return nil, err
	}
	s.facts, err = factsOf(l, s.objects()...)
	return s, err
}

func (s *source) header() Header {
	h := Header{Kind: s.c.Kind, ID: s.c.ID, Number: s.c.Number, Reference: s.c.Reference, Title: s.c.Title, SessionID: s.r.SessionID, Session: s.r.Session.Title,
		Category: s.r.CategoryName, FiledAt: s.r.FiledAt, ClosedAt: s.v.ClosedAt, Closed: s.v.Stage == handling.Closed, Key: s.c.Key, CommitteeID: s.c.CommitteeID, Outcome: s.grade(s.v.Outcome)}
	for _, p := range s.c.Proposers {
		h.Proposers = append(h.Proposers, p.Name)
	}
	for _, a := range s.v.Assignments {
		h.Units = append(h.Units, a.UnitName)
	}
	return h
}

// Open says what of a proposal is not finished, without reading its papers.
func (Proposals) Open(l *app.Look, id string) ([]Open, error) {
	m, err := handling.MatterOf(l, proposal.CaseKind, id)
	if err != nil {
		return nil, err
	}
	return unfinished(m), nil
}

// unfinished is what of a case is not finished.
func unfinished(m *handling.Matter) []Open {
	var list []Open
	if m.Row.Stage != handling.Closed {
		list = append(list, Open{Key: "archive.open.stage"})
	}
	for _, a := range m.Assignments {
		if a.Owes() {
			list = append(list, Open{Key: "archive.open.assignment", Args: []string{"unit", a.UnitName}})
		}
	}
	for _, r := range m.Replies {
		switch {
		case r.RatingOpen:
			list = append(list, Open{Key: "archive.open.rating", Args: []string{"unit", r.UnitName}})
		case r.State != handling.Issued:
			list = append(list, Open{Key: "archive.open.reply", Args: []string{"unit", r.UnitName}})
		}
	}
	for _, x := range m.LastWords {
		if x.Decision == "" {
			list = append(list, Open{Key: "archive.open.last-word", Args: []string{"unit", x.UnitName}})
		}
	}
	for _, p := range m.Promises {
		if p.State == handling.PromiseOpen { // one that was kept waits for nobody: a proposer's silence decides nothing
			list = append(list, Open{Key: "archive.open.promise", Args: []string{"what", short(p.Text), "due", day(p.DueOn)}, Tracking: true})
		}
	}
	return list
}

// objects are the things whose acts belong to the case.
func (s *source) objects() []string {
	list := []string{s.c.ID}
	for _, a := range s.m.Assignments {
		list = append(list, a.ID)
	}
	for _, r := range s.m.Replies {
		list = append(list, r.ID)
	}
	for _, x := range s.m.Extensions {
		list = append(list, x.ID)
	}
	for _, x := range s.m.Objections {
		list = append(list, x.ID)
	}
	for _, p := range s.m.Promises {
		list = append(list, p.ID)
	}
	return list
}

// expect compares the papers with the facts of the case.
func (s *source) expect(papers []Paper) []Expected {
	have := map[string]int{}
	for _, p := range papers {
		have[p.Code] += p.N
	}
	f := s.facts
	filed := 0
	for _, x := range s.r.Reviews {
		if x.Verdict == proposal.Passed || x.Verdict == proposal.SentBack || x.Verdict == proposal.VerdictFiled {
			filed++
		}
	}
	return []Expected{
		{PaperForm, 1, have[PaperForm]},
		{PaperText, max(1, len(s.r.Texts)), have[PaperText]},
		{PaperReview, f["proposal.reviewed"] + f["proposal.returned"] + f["proposal.filed"], filed},
		{PaperDispatch, f["assignment.dispatched"], have[PaperDispatch]},
		{PaperObjection, f["objection.filed"], have[PaperObjection]},
		{PaperExtension, f["extension.asked"], have[PaperExtension]},
		{PaperReading, f["reply.pre-read"], have[PaperReading]},
		{PaperLastWord, f["case.last-word"], have[PaperLastWord]},
		{PaperSupervision, f["key.supervised"], have[PaperSupervision]},
		{PaperInstruction, f["key.instructed"], have[PaperInstruction]},
		{PaperResult, f["key.reported"], have[PaperResult]},
		{PaperContact, f["contact.recorded"], have[PaperContact]},
		{PaperOpinion, f["assignment.opined"], have[PaperOpinion]},
		{PaperReply, f["reply.issued"], have[PaperReply]},
		{PaperRating, f["reply.rated"], have[PaperRating]},
	}
}

// form is the proposal's sheet: who proposes, what became of it.
func (s *source) form() []Paper {
	r := s.r
	rows := [][]string{{"案号", s.c.Number}, {"案由", r.Title}, {"会议", r.Session.Title}, {"提案类别", r.CategoryName}, {"提案方式", s.word("proposal.kind.", string(r.Kind))},
		{"提出时间", s.word("proposal.timing.", r.Timing)}, {"第一提案者", r.LeadName}, {"联名提案者", strings.Join(s.signers(), "、")}, {"提交时间", moment(r.SubmittedAt)}, {"立案时间", moment(r.FiledAt)},
		{"公开意愿", s.wish()}, {"建议承办单位", strings.Join(unitNames(r.Units), "、")}}
	var became [][]string
	for _, d := range r.Dispositions {
		became = append(became, []string{s.word("proposal.disposition.", d.Disposition), d.Reason, d.Note, moment(d.From)})
	}
	p := Paper{Code: PaperForm, Title: "提案表", By: r.LeadName, At: r.SubmittedAt, N: 1, Blocks: []Block{{Kind: Facts, Rows: rows}}}
	if len(became) > 0 {
		p.Blocks = append(p.Blocks, Block{Kind: Heading, Text: "处理结果"}, table([]string{"结果", "理由", "说明", "自"}, became))
	}
	return []Paper{p}
}

func (s *source) signers() []string {
	var list []string
	for _, x := range s.r.Proposal.Signers {
		if x.State == proposal.Signed && x.Name != s.r.LeadName {
			list = append(list, x.Name)
		}
	}
	return list
}

// texts are all versions of the text: as handed in, as edited, as corrected.
func (s *source) texts() []Paper {
	var list []Paper
	for i, t := range s.r.Texts {
		by := s.r.Writers[t.PersonID]
		if t.Kind == proposal.SubmittedText {
			by = s.r.LeadName
		}
		title := fmt.Sprintf("提案文本（第 %d 稿，%s）", t.Revision, s.word("archive.text.", t.Kind))
		if t.Revision == s.r.Revision {
			title = fmt.Sprintf("提案文本（第 %d 稿，%s，立案文本）", t.Revision, s.word("archive.text.", t.Kind))
		}
		p := Paper{Code: PaperText, Title: title, By: by, At: t.At, N: 1, Blocks: s.textBlocks(t)}
		if i == 0 {
			p.Owner = [2]string{proposal.CaseKind, s.c.ID}
		}
		list = append(list, p)
	}
	return list
}

func (s *source) textBlocks(t proposal.Text) []Block {
	blocks := []Block{{Kind: Facts, Rows: [][]string{{"案由", t.Title}}}}
	part := func(title, text string) {
		if text != "" {
			blocks = append(blocks, Block{Kind: Heading, Text: title}, Block{Kind: Text, Text: text})
		}
	}
	if t.Analysis == "" && t.Measures == "" {
		part("正文", t.Background)
	} else {
		part("背景情况", t.Background)
		part("问题及分析", t.Analysis)
		part("具体建议", t.Measures)
	}
	part("调研依据", t.Basis)
	items := make([]string, len(t.Items))
	for i, x := range t.Items {
		items[i] = strconv.Itoa(i+1) + ". " + x
	}
	part("建议", strings.Join(items, "\n"))
	part("修改说明", t.Reason)
	if t.Answer != "" {
		blocks = append(blocks, Block{Kind: Facts, Rows: [][]string{{"提案者意见", s.word("archive.answer.", t.Answer)}, {"说明", t.AnswerNote}, {"时间", moment(t.AnsweredAt)}}})
	}
	return blocks
}

// review is the sheet of the review, level by level.
func (s *source) review() []Paper {
	if len(s.r.Reviews) == 0 {
		return nil
	}
	var rows [][]string
	var at store.Time
	by := ""
	for _, x := range s.r.Reviews {
		rows = append(rows, []string{s.word("proposal.level.", x.Level), s.word("proposal.verdict.", x.Verdict), x.Reason, x.Opinion, x.By, moment(x.At)})
		at, by = x.At, x.By
	}
	return []Paper{{Code: PaperReview, Title: "提案审查表", By: by, At: at, N: len(rows),
		Blocks: []Block{table([]string{"审查环节", "结论", "理由", "意见", "审查人", "时间"}, rows)}}}
}
