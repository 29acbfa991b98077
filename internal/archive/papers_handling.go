package archive

import (
	"fmt"
	"strconv"
	"strings"

	"tongxin/internal/calendar"
	"tongxin/internal/handling"
	"tongxin/internal/profile"
	"tongxin/internal/store"
)

// dispatch is the sheet of the dispatch: which unit, in which role, until when.
func (s *source) dispatch() []Paper {
	if len(s.v.Assignments) == 0 {
		return nil
	}
	var rows [][]string
	blocks := []Block{}
	var at store.Time
	by := "提案委员会"
	for _, a := range s.v.Assignments {
		rows = append(rows, []string{a.UnitName, s.word("handling.role.", string(a.Role)), desk(a.Assignment), moment(a.DispatchedAt), day(a.SignBy), moment(a.SignedAt), a.Leader, a.Section, a.Handler, day(a.DueOn), moment(a.AnsweredAt)})
		if at.IsZero() || a.DispatchedAt.Before(at.Time) {
			at, by = a.DispatchedAt, desk(a.Assignment)
		}
		if a.Note != "" {
			blocks = append(blocks, Block{Kind: Heading, Text: a.UnitName + "：交办说明"}, Block{Kind: Text, Text: a.Note})
		}
		blocks = append(blocks, s.deadline(a.UnitName+"：办复期限的由来", a.Due)...)
	}
	first := []Block{{Kind: Facts, Rows: [][]string{{"案号", s.c.Number}, {"案由", s.c.Title}}},
		table([]string{"承办单位", "方式", "交办", "交办时间", "签收期限", "签收时间", "分管领导", "承办科室", "经办人", "办复期限", "办复时间"}, rows)}
	return []Paper{{Code: PaperDispatch, Title: "提案交办单", By: by, At: at, N: len(rows), Blocks: append(first, blocks...)}}
}

// deadline shows how a date came about.
func (s *source) deadline(title string, d calendar.Deadline) []Block {
	if d.On.IsZero() || len(d.Steps) == 0 {
		return nil
	}
	lines := make([]string, len(d.Steps))
	for i, x := range d.Steps {
		lines[i] = strconv.Itoa(i+1) + ". " + x.Say(s.words)
	}
	return []Block{{Kind: Heading, Text: title}, {Kind: Text, Text: strings.Join(lines, "\n")}}
}

func desk(a handling.Assignment) string {
	if a.DeskName != "" {
		return a.DeskName
	}
	return "提案委员会"
}

// contacts are the records of contacts with the proposers, one paper each.
func (s *source) contacts() []Paper {
	var list []Paper
	for i, c := range s.v.Contacts {
		list = append(list, Paper{Code: PaperContact, Title: fmt.Sprintf("沟通记录（第 %d 次，%s）", i+1, c.UnitName), By: c.UnitName, At: c.At, N: 1, Blocks: []Block{
			{Kind: Facts, Rows: [][]string{{"承办单位", c.UnitName}, {"方式", c.FormName}, {"日期", day(c.HeldOn)}, {"提案者", strings.Join(c.Names, "、")}, {"参加人员", c.People},
				{"非当面方式已征得同意", yes(c.Consent)}, {"记录时间", moment(c.At)}}},
			{Kind: Heading, Text: "情况"}, {Kind: Text, Text: c.Notes}}})
	}
	return list
}

// opinions are the assisting opinions.
func (s *source) opinions() []Paper {
	var list []Paper
	for _, o := range s.v.Opinions {
		list = append(list, Paper{Code: PaperOpinion, Title: "会办意见（" + o.UnitName + "）", Number: o.Number, By: o.UnitName, At: o.At, N: 1, Owner: [2]string{"opinion", o.AssignmentID},
			Blocks: []Block{{Kind: Facts, Rows: [][]string{{"会办单位", o.UnitName}, {"文号", o.Number}, {"时间", moment(o.At)}}}, {Kind: Heading, Text: "意见"}, {Kind: Text, Text: o.Text}}})
	}
	return list
}

// replies are the letters, every round of every unit.
func (s *source) replies() []Paper {
	var list []Paper
	for _, r := range s.v.Replies {
		if r.State != handling.Issued {
			continue
		}
		blocks := []Block{{Kind: Facts, Rows: [][]string{{"文号", r.Number}, {"办理结果", profile.NameOf(s.rules.Handling.Classes, r.Class)}, {"轮次", fmt.Sprintf("第 %d 次答复", max(r.Round, 1))},
			{"公开属性", profile.NameOf(s.rules.Handling.Publicity, r.Publicity)}, {"不全文公开的理由", r.PublicityReason}, {"签发人", r.SignerName}, {"纸质文件录入人", r.EnteredBy}, {"印发时间", moment(r.IssuedAt)}}},
			{Kind: Heading, Text: "关于" + s.c.Reference + "的答复"}, {Kind: Text, Text: r.Body}}
		if rows := s.answers(r); len(rows) > 0 {
			blocks = append(blocks, Block{Kind: Heading, Text: "逐条答复"}, table([]string{"建议", "结果", "答复"}, rows))
		}
		if rows := deliveries(r); len(rows) > 0 {
			blocks = append(blocks, Block{Kind: Heading, Text: "送达"}, table([]string{"提案者", "送达时间", "阅读时间"}, rows))
		}
		list = append(list, Paper{Code: PaperReply, Title: fmt.Sprintf("答复（%s，第 %d 次）", r.UnitName, max(r.Round, 1)), Number: r.Number, By: r.UnitName, At: r.IssuedAt, N: 1,
			Owner: [2]string{"reply", r.ID}, Blocks: blocks})
	}
	return list
}

func (s *source) answers(r handling.Reply) [][]string {
	asked := map[int]string{}
	for _, x := range s.c.Items {
		asked[x.No] = x.Text
	}
	var rows [][]string
	for _, x := range r.Items {
		rows = append(rows, []string{strconv.Itoa(x.No) + ". " + asked[x.No], profile.NameOf(s.rules.Handling.ItemOutcomes, x.Outcome), x.Answer})
	}
	return rows
}

func deliveries(r handling.Reply) [][]string {
	var rows [][]string
	for _, d := range r.Deliveries {
		rows = append(rows, []string{d.Name, moment(d.DeliveredAt), moment(d.ReadAt)})
	}
	return rows
}

// ratings are the feedback forms of each reply.
func (s *source) ratings() []Paper {
	var list []Paper
	for _, r := range s.v.Replies {
		if len(r.Ratings) == 0 {
			continue
		}
		var rows [][]string
		var at store.Time
		for _, x := range r.Ratings {
			rows = append(rows, []string{x.RaterName, s.grade(x.Attitude), s.grade(x.Result), s.word("archive.contacted.", x.Contacted), x.Reason, s.word("handling.rated.", x.Channel), x.EnteredBy, moment(x.At)})
			if x.At.After(at.Time) {
				at = x.At
			}
		}
		list = append(list, Paper{Code: PaperRating, Title: fmt.Sprintf("征询意见表（%s，第 %d 次答复）", r.UnitName, max(r.Round, 1)), By: strings.Join(s.raters(r), "、"), At: at, N: len(rows),
			Owner: [2]string{"rating", r.ID}, Blocks: []Block{table([]string{"提案者", "对办理工作", "对办理结果", "是否沟通", "意见", "方式", "录入人", "时间"}, rows)}})
	}
	return list
}

func (s *source) raters(r handling.Reply) []string {
	var list []string
	for _, x := range r.Ratings {
		list = append(list, x.RaterName)
	}
	return list
}

// grade is the word of a grade of satisfaction.
func (s *source) grade(code string) string {
	if code == handling.NoResponse {
		return "未反馈"
	}
	return profile.NameOf(s.rules.Handling.Grades, code)
}

// deadlines are the deadlines that a changed calendar moved.
func (s *source) deadlines() []Paper {
	if len(s.v.Moved) == 0 {
		return nil
	}
	units := map[string]string{}
	for _, a := range s.v.Assignments {
		units[a.ID] = a.UnitName
	}
	var rows [][]string
	var at store.Time
	for _, m := range s.v.Moved {
		rows = append(rows, []string{units[m.AssignmentID], s.word("handling.what.", m.What), day(m.Was), day(m.Becomes), moment(m.At)})
		at = m.At
	}
	return []Paper{{Code: PaperDeadlines, Title: "期限变动记录", By: "提案委员会", At: at, N: len(rows),
		Blocks: []Block{table([]string{"承办单位", "期限", "原为", "改为", "时间"}, rows)}}}
}
