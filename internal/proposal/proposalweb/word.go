package proposalweb

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"tongxin/internal/document"
	"tongxin/internal/i18n"
	"tongxin/internal/organization"
	"tongxin/internal/proposal"
	"tongxin/internal/web"
)

const docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

// wordFile is /proposals/{id}/word: the proposal as an official document, which
// is Chinese whatever language the page is in.
func wordFile(r *web.Request) (web.Page, error) {
	s, err := web.Ask(r, proposal.Show, proposal.ShowIn{ID: r.PathValue("id")})
	if err != nil {
		return web.Page{}, err
	}
	v := r.View
	v.Words = r.Kit.Texts.In(i18n.Chinese)
	var b bytes.Buffer
	if err := document.ProposalDocx(&b, wordSheet(v, s)); err != nil {
		return web.Page{}, fmt.Errorf("write proposal %s: %w", s.ID, err)
	}
	return web.Page{File: &web.File{Name: titleOf(v, s.Title) + ".docx", Type: docx, Size: int64(b.Len()), Body: io.NopCloser(&b)}}, nil
}

// wordSheet is the proposal as it is set for print.
func wordSheet(v web.View, s *proposal.Shown) document.Sheet {
	d := document.Sheet{Heading: v.Committee + headingOf(s.Session), Number: number(v, s.Number, s.Rules.Proposal.NumberWidth), Title: titleOf(v, s.Title),
		Meta: [][2]string{{v.T("proposal.list.proposer"), s.LeadName}}}
	var signed, units []string
	for _, x := range s.Signers {
		if x.State == proposal.Signed && x.Name != s.LeadName {
			signed = append(signed, x.Name)
		}
	}
	for _, u := range s.Units {
		units = append(units, u.Name)
	}
	for _, x := range [][2]string{{v.T("proposal.case.signers"), strings.Join(signed, "、")}, {v.T("proposal.list.category"), s.CategoryName}, {v.T("proposal.case.units"), strings.Join(units, "、")}} {
		if x[1] != "" {
			d.Meta = append(d.Meta, x)
		}
	}
	for _, p := range partsOf(v, s.Text) {
		if p.heading != "" {
			d.Blocks = append(d.Blocks, document.Block{Kind: document.Heading, Text: p.heading})
		}
		d.Blocks = append(d.Blocks, document.Block{Kind: document.Paragraph, Text: p.text})
	}
	if len(s.Text.Items) > 0 {
		d.Blocks = append(d.Blocks, document.Block{Kind: document.Heading, Text: v.T("proposal.case.part.items")})
	}
	for i, x := range s.Text.Items {
		d.Blocks = append(d.Blocks, document.Block{Kind: document.Item, Text: fmt.Sprintf("%d. %s", i+1, x)})
	}
	if s.Text.Basis != "" {
		d.Blocks = append(d.Blocks, document.Block{Kind: document.Heading, Text: v.T("proposal.case.part.basis")}, document.Block{Kind: document.Paragraph, Text: s.Text.Basis})
	}
	return d
}

func headingOf(s organization.Session) string {
	if s.Title == "" {
		return ""
	}
	return " " + s.Title
}
