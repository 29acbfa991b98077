package archive

import (
	"strings"

	"tongxin/internal/profile"
	"tongxin/internal/store"
)

// objections are the wishes to give the case back, each with its ruling.
func (s *source) objections() []Paper {
	var list []Paper
	for _, o := range s.m.Objections {
		list = append(list, Paper{Code: PaperObjection, Title: "退办申请及裁定（" + o.UnitName + "）", By: o.UnitName, At: o.FiledAt, N: 1, Blocks: []Block{
			{Kind: Facts, Rows: [][]string{{"申请单位", o.UnitName}, {"建议改由", o.ProposedName}, {"申请时间", moment(o.FiledAt)}, {"单位领导", o.ConsentedName}, {"同意时间", moment(o.ConsentedAt)}}},
			{Kind: Heading, Text: "理由"}, {Kind: Text, Text: o.Reason},
			{Kind: Heading, Text: "裁定"}, {Kind: Facts, Rows: [][]string{{"结论", s.word("archive.ruling.", o.Ruling)}, {"改由", o.ToName}, {"裁定人", o.RuledName}, {"裁定时间", moment(o.RuledAt)}, {"裁定期限", day(o.RuleBy)}, {"说明", o.Words}}}}})
	}
	return list
}

// extensions are the wishes for more time, each with its decision.
func (s *source) extensions() []Paper {
	var list []Paper
	for _, x := range s.m.Extensions {
		list = append(list, Paper{Code: PaperExtension, Title: "延期申请及批复（" + x.UnitName + "）", By: x.UnitName, At: x.AskedAt, N: 1, Blocks: []Block{
			{Kind: Facts, Rows: [][]string{{"申请单位", x.UnitName}, {"申请人", x.AskedName}, {"原期限", day(x.Was)}, {"申请延至", day(x.Until)}, {"申请时间", moment(x.AskedAt)}, {"批复机关", s.word("archive.approver.", x.Approver)}}},
			{Kind: Heading, Text: "理由"}, {Kind: Text, Text: x.Reason},
			{Kind: Heading, Text: "批复"}, {Kind: Facts, Rows: [][]string{{"初步同意人", x.EndorsedName}, {"初步同意时间", moment(x.EndorsedAt)}, {"结论", s.word("archive.decision.", x.Decision)}, {"批准延至", day(x.GrantedUntil)},
				{"批复人", x.DecidedName}, {"批复时间", moment(x.DecidedAt)}, {"说明", x.Words}}}}})
	}
	return list
}

// letterOf names a reply of the case, for records about it.
func (s *source) letterOf(id string) (unit, number string) {
	for _, r := range s.m.Replies {
		if r.ID == id {
			return r.UnitName, r.Number
		}
	}
	return "", ""
}

// countersigns is what assisting units said to drafts.
func (s *source) countersigns() []Paper {
	if len(s.m.Countersigns) == 0 {
		return nil
	}
	var rows [][]string
	var units []string
	var at store.Time
	for _, x := range s.m.Countersigns {
		unit, number := s.letterOf(x.ReplyID)
		rows = append(rows, []string{x.UnitName, unit + number, moment(x.AskedAt), day(x.DueOn), s.word("archive.countersign.", x.Answer), x.Words, x.PersonName, moment(x.At),
			strings.TrimSpace(s.word("archive.countersign.", x.Decision) + " " + x.DecidedWords), x.DecidedName})
		units, at = append(units, x.UnitName), x.AskedAt
	}
	return []Paper{{Code: PaperCountersign, Title: "会签记录", By: strings.Join(units, "、"), At: at, N: len(rows),
		Blocks: []Block{table([]string{"会办单位", "答复", "送会时间", "会签期限", "意见", "说明", "会签人", "会签时间", "分歧裁定", "裁定人"}, rows)}}}
}

// readings are the readings of replies before they went out.
func (s *source) readings() []Paper {
	if len(s.m.Readings) == 0 {
		return nil
	}
	var rows [][]string
	var at store.Time
	by := ""
	for _, x := range s.m.Readings {
		unit, number := s.letterOf(x.ReplyID)
		class := profile.NameOf(s.rules.Handling.Classes, x.ClassIs)
		if x.ClassWas != x.ClassIs {
			class = profile.NameOf(s.rules.Handling.Classes, x.ClassWas) + " → " + class
		}
		rows = append(rows, []string{unit + number, s.word("archive.reading.", x.Result), class, x.Words, x.ReaderName, moment(x.At)})
		at, by = x.At, x.ReaderName
	}
	return []Paper{{Code: PaperReading, Title: "答复预审记录", By: by, At: at, N: len(rows), Blocks: []Block{table([]string{"答复", "结论", "办理结果", "意见", "预审人", "时间"}, rows)}}}
}

// again is why the case was handled once more.
func (s *source) again() []Paper {
	if len(s.m.Rehandlings) == 0 {
		return nil
	}
	var rows [][]string
	var at store.Time
	for _, x := range s.m.Rehandlings {
		_, number := s.letterOf(x.ReplyID)
		rows = append(rows, []string{x.UnitName, itoa(int(x.Round)), s.word("archive.because.", x.Because), number, day(x.DueOn), moment(x.At)})
		at = x.At
	}
	return []Paper{{Code: PaperAgain, Title: "二次办理记录", By: committeeDesk, At: at, N: len(rows), Blocks: []Block{table([]string{"承办单位", "第几次办理", "原因", "所涉答复", "办复期限", "开始时间"}, rows)}}}
}

// lastWords are the committee's rulings where the rounds were used up.
func (s *source) lastWords() []Paper {
	var list []Paper
	for _, x := range s.m.LastWords {
		if x.Decision == "" {
			continue
		}
		list = append(list, Paper{Code: PaperLastWord, Title: "最终裁定（" + x.UnitName + "）", By: x.RuledName, At: x.RuledAt, N: 1, Blocks: []Block{
			{Kind: Facts, Rows: [][]string{{"承办单位", x.UnitName}, {"第几次办理", itoa(int(x.Round))}, {"结论", s.word("archive.last-word.", x.Decision)}, {"裁定人", x.RuledName}, {"裁定时间", moment(x.RuledAt)}}},
			{Kind: Text, Text: x.Words}}})
	}
	return list
}

// promises are what units promised and what became of it, one paper each.
func (s *source) promises() []Paper {
	var list []Paper
	for i, p := range s.m.Promises {
		at := p.MadeAt
		for _, t := range []store.Time{p.EndedAt, p.ConfirmedAt} {
			if t.After(at.Time) {
				at = t
			}
		}
		_, number := s.letterOf(p.ReplyID)
		x := Paper{Code: PaperPromise, Title: "承诺事项登记（" + p.UnitName + "，第 " + itoa(i+1) + " 项）", By: p.UnitName, At: at, N: 1, Owner: [2]string{"promise", p.ID}, Blocks: []Block{
			{Kind: Facts, Rows: [][]string{{"承办单位", p.UnitName}, {"出自答复", number}, {"承诺事项", p.Text}, {"责任人", p.Owner}, {"完成期限", day(p.DueOn)}, {"登记时间", moment(p.MadeAt)}, {"状态", s.word("archive.promise.", p.State)},
				{"完成日期", day(p.KeptOn)}, {"佐证", p.Evidence}, {"理由", p.Reason}, {"了结人", p.EndedName}, {"了结时间", moment(p.EndedAt)},
				{"提案者确认", s.word("archive.confirmed.", p.Confirmed)}, {"确认人", p.ConfirmedName}, {"确认时间", moment(p.ConfirmedAt)}, {"确认说明", p.ConfirmWords}}}}}
		var steps [][]string
		for _, y := range s.v.PromiseSteps {
			if y.PromiseID == p.ID {
				steps = append(steps, []string{moment(y.At), s.word("archive.step.", y.What), y.Words, day(y.KeptOn), y.PersonName})
			}
		}
		if len(steps) > 0 {
			x.Blocks = append(x.Blocks, Block{Kind: Heading, Text: "经过"}, table([]string{"时间", "事项", "说明", "完成日期", "办理人"}, steps))
		}
		list = append(list, x)
	}
	return list
}
