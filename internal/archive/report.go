package archive

import (
	"slices"

	"tongxin/internal/store"
)

// Report is the self-check as it stands in the file (report.json).
type Report struct {
	ArchiveNumber string     `json:"archive_number"`
	Edition       int64      `json:"edition"`
	At            store.Time `json:"at"`
	By            string     `json:"by"`
	Reason        string     `json:"reason,omitempty"`
	Severe        int        `json:"severe"`
	Warnings      int        `json:"warnings"`
	Lines         []Line     `json:"lines"`
}

// Line is a finding with its sentence in Chinese.
type Line struct {
	Finding
	Text string `json:"text"`
}

func (b *binder) report() Report {
	r := Report{ArchiveNumber: b.number.String(), Edition: b.edition, At: b.at, By: b.by, Reason: b.reason, Severe: b.found.count(Severe), Warnings: b.found.count(Warning), Lines: []Line{}}
	for _, p := range Properties() {
		for _, f := range b.found {
			if f.Property == p {
				r.Lines = append(r.Lines, Line{f, b.words.T(f.Key, f.Pairs()...)})
			}
		}
	}
	return r
}

func (b *binder) reportBlocks() []Block {
	r := b.report()
	blocks := []Block{{Kind: Facts, Rows: [][]string{{"档号", r.ArchiveNumber}, {"题名", b.d.Title}, {"版次", itoa(int(r.Edition))}, {"归档人", r.By}, {"归档时间", moment(r.At)},
		{"严重问题", itoa(r.Severe) + " 项"}, {"需要关注", itoa(r.Warnings) + " 项"}, {"带问题归档的理由", r.Reason}}},
		{Kind: Text, Text: "本报告在签署清单之前写成。清单 manifest.json 列出各成员的摘要值，signature.json 是它的签名；打包之后再逐字节核验，结果记在系统中。"}}
	for _, p := range Properties() {
		var rows [][]string
		for _, l := range r.Lines {
			if l.Property == p {
				rows = append(rows, []string{b.words.T("archive.severity." + string(l.Severity)), l.Text})
			}
		}
		if len(rows) > 0 {
			blocks = append(blocks, Block{Kind: Heading, Text: b.words.T("archive.property." + string(p))}, table([]string{"结论", "内容"}, rows))
		}
	}
	return blocks
}

func sortMembers(list []Member) {
	slices.SortFunc(list, func(a, b Member) int { return compare(a.Name, b.Name) })
}
