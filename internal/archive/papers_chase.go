package archive

import (
	"fmt"
	"strings"

	"tongxin/internal/app"
	"tongxin/internal/supervision"
)

// More are papers that further domains have of a case. Package site hands them
// over where those domains are part of the house.
type More []Source

// Source gives the papers of one domain about a case, and the things whose acts
// belong to it.
type Source func(l *app.Look, kind, id string) (papers []Paper, objects []string, err error)

// more adds what other domains have.
func (d *Dossier) more(l *app.Look) error {
	list, ok := app.PartOf[More](l.App())
	if !ok {
		return nil
	}
	for _, source := range list {
		papers, objects, err := source(l, d.Kind, d.ID)
		if err != nil {
			return err
		}
		d.Papers, d.Objects = append(d.Papers, papers...), append(d.Objects, objects...)
	}
	return nil
}

// Supervised are the papers of supervision: chases (催办) and what leaders wrote
// on late work.
func Supervised(l *app.Look, kind, id string) ([]Paper, []string, error) {
	chases, err := supervision.ChasesOf(l, kind, id)
	if err != nil {
		return nil, nil, err
	}
	words, err := supervision.InstructionsOf(l, kind, id)
	if err != nil {
		return nil, nil, err
	}
	var list []Paper
	var objects []string
	for _, x := range chases {
		list, objects = append(list, chased(x)), append(objects, x.ID)
	}
	for _, x := range words {
		objects = append(objects, x.ID)
		list = append(list, Paper{Code: PaperInstruction, Title: "领导批示（" + x.LeaderName + "，" + x.UnitName + "）", By: x.LeaderName, At: x.GivenAt, N: 1, Blocks: []Block{
			{Kind: Facts, Rows: [][]string{{"批示领导", x.LeaderName}, {"承办单位", x.UnitName}, {"批示时间", moment(x.GivenAt)}, {"反馈期限", day(x.DueOn)}}}, {Kind: Text, Text: x.Words},
			{Kind: Heading, Text: "反馈"}, {Kind: Facts, Rows: [][]string{{"反馈人", x.ReportedName}, {"反馈时间", moment(x.ReportedAt)}, {"情况", x.Report}}}}})
	}
	return list, objects, nil
}

// chased is one chase as a paper.
func chased(x supervision.Chase) Paper {
	p := Paper{Code: PaperChase, Title: "催办记录（" + x.UnitName + "）", By: x.FromName, At: x.SentAt, N: 1}
	if x.Form == supervision.Letter {
		p.Title, p.Number = "催办单（"+x.UnitName+"）", fmt.Sprintf("〔%d〕%d号", x.Year, x.No)
	}
	p.Blocks = []Block{{Kind: Facts, Rows: [][]string{{"文号", p.Number}, {"催办机关", x.FromName}, {"承办单位", x.UnitName}, {"签发人", x.SignedName}, {"发出时间", moment(x.SentAt)}, {"答复期限", day(x.AnswerBy)},
		{"再次催办的原因", x.AgainReason}, {"签收人", x.ReceivedName}, {"签收时间", moment(x.ReceivedAt)}}},
		{Kind: Heading, Text: "要求"}, {Kind: Text, Text: x.Requirement}}
	if !x.AnsweredAt.IsZero() {
		p.Blocks = append(p.Blocks, Block{Kind: Heading, Text: "答复"}, Block{Kind: Facts, Rows: [][]string{{"答复人", x.AnsweredName}, {"答复时间", moment(x.AnsweredAt)}}}, Block{Kind: Text, Text: strings.TrimSpace(x.Answer)})
	}
	return p
}
