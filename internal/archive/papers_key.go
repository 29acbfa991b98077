package archive

import (
	"strings"

	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/proposal"
	"tongxin/internal/store"
)

// readKey reads what a key proposal has beside the rest; nothing for others, and
// nothing that the one who asks may not read.
func (s *source) readKey(l *app.Look) error {
	k, err := proposal.KeyOf(l, s.c.ID)
	if err != nil || k == nil {
		return err
	}
	s.k, err = proposal.KeyShow.In(l, proposal.ShowIn{ID: s.c.ID})
	if fault.Is(err, fault.NotFound) {
		s.k, err = nil, nil
	}
	return err
}

// key is how the proposal became a key proposal, who leads it, and the plan.
func (s *source) key() []Paper {
	if s.k == nil {
		return nil
	}
	k := s.k.Key
	var leaders []string
	for _, x := range k.Leaders {
		leaders = append(leaders, s.word("proposal.key.role.", x.Role)+"："+x.Name+"（"+s.word("proposal.key.organ.", x.Organ)+"）")
	}
	p := Paper{Code: PaperKey, Title: "重点提案确定和办理方案", By: committeeDesk, At: k.ApprovedAt, N: 1, Blocks: []Block{{Kind: Facts, Rows: [][]string{{"年度", itoa(int(k.Year))}, {"审定日期", day(k.DecidedOn)},
		{"审定文号", k.Reference}, {"遴选标准", strings.Join(s.k.Criteria, "、")}, {"领导", strings.Join(leaders, "；")}, {"协助专委会", k.AssistName}, {"通知承办单位时间", moment(k.NoticedAt)}, {"解除理由", k.Released}}}}}
	if x := s.k.Plan; x != nil {
		var steps [][]string
		for _, m := range x.Milestones {
			steps = append(steps, []string{m.Text, day(m.DueOn)})
		}
		p.Blocks = append(p.Blocks, Block{Kind: Heading, Text: "办理方案（" + x.UnitName + "）"}, Block{Kind: Text, Text: x.Text}, table([]string{"办理步骤", "完成时间"}, steps),
			Block{Kind: Facts, Rows: [][]string{{"提交时间", moment(x.At)}, {"审核意见", x.Words}, {"审核时间", moment(x.JudgedAt)}}})
	}
	if rows := s.tasks(""); len(rows) > 0 {
		p.Blocks = append(p.Blocks, Block{Kind: Heading, Text: "落实情况"}, table([]string{"事项", "责任单位", "期限", "状态", "落实情况", "反馈时间"}, rows))
	}
	return []Paper{p}
}

// tasks are what was due: of one supervision or instruction, or "" of the plan.
func (s *source) tasks(of string) [][]string {
	var rows [][]string
	for _, t := range s.k.Key.Tasks {
		if t.SourceID == of || of == "" && t.Kind == proposal.DueMilestone {
			rows = append(rows, []string{t.Text, t.BodyName, day(t.DueOn), s.word("proposal.key.state.", string(t.State)), strings.TrimSpace(t.Outcome + " " + t.Reason), moment(t.AnsweredAt)})
		}
	}
	return rows
}

// supervisions are the records of supervision, one paper each.
func (s *source) supervisions() []Paper {
	if s.k == nil {
		return nil
	}
	var list []Paper
	for _, x := range s.k.Records {
		p := Paper{Code: PaperSupervision, Title: "重点提案督办记录（" + day(x.HeldOn) + "，" + x.FormName + "）", By: x.Leader, At: x.At, N: 1, Owner: [2]string{proposal.KeyFilesKind, x.ID}, Blocks: []Block{
			{Kind: Facts, Rows: [][]string{{"日期", day(x.HeldOn)}, {"形式", x.FormName}, {"领导", x.Leader}, {"参加人员", x.Participants}, {"下次督办", day(x.NextOn)}, {"记录时间", moment(x.At)}}},
			{Kind: Heading, Text: "发现的问题"}, {Kind: Text, Text: x.Problems}, {Kind: Heading, Text: "督办情况"}, {Kind: Text, Text: x.Report}}}
		if rows := s.tasks(x.ID); len(rows) > 0 {
			p.Blocks = append(p.Blocks, Block{Kind: Heading, Text: "要求及落实"}, table([]string{"要求", "责任单位", "期限", "状态", "落实情况", "反馈时间"}, rows))
		}
		list = append(list, p)
	}
	return list
}

// instructions are what leaders wrote on the proposal, one paper each.
func (s *source) instructions() []Paper {
	if s.k == nil {
		return nil
	}
	var list []Paper
	for _, x := range s.k.Instructions {
		p := Paper{Code: PaperInstruction, Title: "领导批示（" + x.LeaderName + "）", By: x.LeaderName, At: x.At, N: 1, Blocks: []Block{
			{Kind: Facts, Rows: [][]string{{"批示领导", x.LeaderName}, {"批示日期", day(x.GivenOn)}, {"代为录入", yes(x.Entered)}}}, {Kind: Text, Text: x.Text}}}
		if rows := s.tasks(x.ID); len(rows) > 0 {
			p.Blocks = append(p.Blocks, Block{Kind: Heading, Text: "落实"}, table([]string{"事项", "责任单位", "期限", "状态", "落实情况", "反馈时间"}, rows))
		}
		list = append(list, p)
	}
	return list
}

// results is to whom the result was told.
func (s *source) results() []Paper {
	if s.k == nil || len(s.k.Reports) == 0 {
		return nil
	}
	var rows [][]string
	var at store.Time
	for _, x := range s.k.Reports {
		rows = append(rows, []string{s.word("proposal.key.organ.", x.Receiver), day(x.On), x.Reference, x.Text, moment(x.At)})
		at = x.At
	}
	return []Paper{{Code: PaperResult, Title: "督办结果报送记录", By: committeeDesk, At: at, N: len(rows), Blocks: []Block{table([]string{"报送对象", "日期", "文号", "内容", "记录时间"}, rows)}}}
}

// handed is how work went from unit to unit, and which officers were replaced.
func (s *source) handed() []Paper {
	if len(s.v.Handed)+len(s.v.Officers) == 0 {
		return nil
	}
	p := Paper{Code: PaperHanded, Title: "移交记录", By: committeeDesk, N: len(s.v.Handed) + len(s.v.Officers)}
	var units, people [][]string
	for _, x := range s.v.Handed {
		units = append(units, []string{x.From, x.To, s.word("archive.handed.", x.Outcome), s.word("archive.cause-of.", x.Cause), x.Reason, x.Reference, day(x.DueOn), moment(x.At)})
		p.At = x.At
	}
	for _, x := range s.v.Officers {
		people = append(people, []string{x.UnitName, x.Was, x.Is, moment(x.At)})
		if x.At.After(p.At.Time) {
			p.At = x.At
		}
	}
	if len(units) > 0 {
		p.Blocks = append(p.Blocks, Block{Kind: Heading, Text: "单位"}, table([]string{"原单位", "接办单位", "结果", "原因", "说明", "依据", "期限", "时间"}, units))
	}
	if len(people) > 0 {
		p.Blocks = append(p.Blocks, Block{Kind: Heading, Text: "经办人"}, table([]string{"承办单位", "原经办人", "现经办人", "时间"}, people))
	}
	return []Paper{p}
}
