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

// dispatch is the sheet of the dispatch: which unit, in which role, until when;
// also those that another unit took over from.
func (s *source) dispatch() []Paper {
	if len(s.m.Assignments) == 0 {
		return nil
	}
	var rows [][]string
	blocks := []Block{}
	var at store.Time
	by := committeeDesk
	for _, a := range s.m.Assignments {
		rows = append(rows, []string{a.UnitName, s.word("handling.role.", string(a.Role)), s.word("handling.state.", string(a.State)), desk(a), moment(a.DispatchedAt), day(a.SignBy), moment(a.SignedAt),
			a.Leader, a.Section, a.Handler, day(a.DueOn), moment(a.AnsweredAt)})
		if at.IsZero() || a.DispatchedAt.Before(at.Time) {
			at, by = a.DispatchedAt, desk(a)
		}
		if a.Note != "" {
			blocks = append(blocks, Block{Kind: Heading, Text: a.UnitName + "：交办说明"}, Block{Kind: Text, Text: a.Note})
		}
		if !a.WaivedAt.IsZero() {
			blocks = append(blocks, Block{Kind: Heading, Text: a.UnitName + "：免予会办"}, Block{Kind: Facts, Rows: [][]string{{"决定人", a.WaivedName}, {"理由", a.WaiveReason}, {"时间", moment(a.WaivedAt)}}})
		}
		blocks = append(blocks, s.deadline(a.UnitName+"：办复期限的由来", a.Due)...)
	}
	first := []Block{{Kind: Facts, Rows: [][]string{{"案号", s.c.Number}, {"案由", s.c.Title}}}}
	if routes := s.routes(); len(routes) > 0 {
		first = append(first, Block{Kind: Heading, Text: "送督查室"}, table([]string{"督查室", "建议承办单位", "说明", "送出时间", "分办时间"}, routes), Block{Kind: Heading, Text: "承办单位"})
	}
	first = append(first, table([]string{"承办单位", "方式", "状态", "交办", "交办时间", "签收期限", "签收时间", "分管领导", "承办科室", "经办人", "办复期限", "办复时间"}, rows))
	return []Paper{{Code: PaperDispatch, Title: "提案交办单", By: by, At: at, N: len(rows), Blocks: append(first, blocks...)}}
}

func (s *source) routes() [][]string {
	var rows [][]string
	for _, r := range s.m.Routes {
		var units []string
		for _, u := range r.Units {
			units = append(units, u.Name)
		}
		rows = append(rows, []string{r.DeskName, strings.Join(units, "、"), r.Note, moment(r.At), moment(r.DoneAt)})
	}
	return rows
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
	return committeeDesk
}

// committeeDesk dispatches what no supervision office does.
const committeeDesk = "提案委员会"

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
		blocks := []Block{{Kind: Facts, Rows: [][]string{{"文号", r.Number}, {"办理结果", profile.NameOf(s.rules.Handling.Classes, r.Class)}, {"单位原定办理结果", profile.NameOf(s.rules.Handling.Classes, r.UnitClass)}, {"调整理由", r.ClassReason},
			{"轮次", s.turn(r)}, {"预审人", r.ReaderName}, {"预审通过时间", moment(r.PassedAt)}, {"公开属性", profile.NameOf(s.rules.Handling.Publicity, r.Publicity)}, {"不全文公开的理由", r.PublicityReason}, {"签发人", r.SignerName}, {"纸质文件录入人", r.EnteredBy}, {"印发时间", moment(r.IssuedAt)}}},
			{Kind: Heading, Text: "关于" + s.c.Reference + "的答复"}, {Kind: Text, Text: r.Body}}
		if rows := s.answers(r); len(rows) > 0 {
			blocks = append(blocks, Block{Kind: Heading, Text: "逐条答复"}, table([]string{"建议", "结果", "答复"}, rows))
		}
		if rows := deliveries(r); len(rows) > 0 {
			blocks = append(blocks, Block{Kind: Heading, Text: "送达"}, table([]string{"提案者", "送达时间", "阅读时间"}, rows))
		}
		list = append(list, Paper{Code: PaperReply, Title: "答复（" + r.UnitName + "，" + s.turn(r) + "）", Number: r.Number, By: r.UnitName, At: r.IssuedAt, N: 1,
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
			rows = append(rows, []string{x.RaterName, s.grade(x.Attitude), s.grade(x.Result), s.word("archive.contacted.", x.Contacted), s.further(x), s.word("handling.rated.", x.Channel), x.EnteredBy, moment(x.At)})
			if x.At.After(at.Time) {
				at = x.At
			}
		}
		list = append(list, Paper{Code: PaperRating, Title: "征询意见表（" + r.UnitName + "，" + s.turn(r) + "）", By: strings.Join(s.raters(r), "、"), At: at, N: len(rows),
			Owner: [2]string{"rating", r.ID}, Blocks: []Block{table([]string{"提案者", "对办理工作", "对办理结果", "是否沟通", "意见", "方式", "录入人", "时间"}, rows)}})
	}
	return list
}

// turn says which of a unit's letters it is.
func (s *source) turn(r handling.Reply) string {
	words := fmt.Sprintf("第 %d 次答复", max(r.Round, 1))
	switch r.Purpose {
	case handling.AgainReply:
		return words + "，二次办理"
	case handling.FollowUp:
		return words + "，后续答复"
	}
	return words
}

// further is what a rater wrote, and his answers to the committee's questions.
func (s *source) further(x handling.Rating) string {
	list := []string{}
	if x.Reason != "" {
		list = append(list, x.Reason)
	}
	for _, q := range s.rules.Handling.Questions {
		if a := x.Answers[q.Code]; a != "" {
			list = append(list, q.Name+"："+s.grade(a))
		}
	}
	return strings.Join(list, "\n")
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
	for _, a := range s.m.Assignments {
		units[a.ID] = a.UnitName
	}
	var rows [][]string
	var at store.Time
	for _, m := range s.v.Moved {
		rows = append(rows, []string{units[m.AssignmentID], s.word("handling.what.", m.What), day(m.Was), day(m.Becomes), moment(m.At)})
		at = m.At
	}
	return []Paper{{Code: PaperDeadlines, Title: "期限变动记录", By: committeeDesk, At: at, N: len(rows),
		Blocks: []Block{table([]string{"承办单位", "期限", "原为", "改为", "时间"}, rows)}}}
}
