package document_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tongxin/internal/blob"
	"tongxin/internal/document"
)

func sheet() document.Sheet {
	return document.Sheet{Heading: "政协云州市十四届三次会议提案", Number: "第 12 号", Title: "关于缓解老城区停车难的提案",
		Meta: [][2]string{{"提案者", "林知远 周若水"}, {"类别", "社会建设"}},
		Blocks: []document.Block{{document.Heading, "背景情况"}, {document.Paragraph, "一、现状\n老城区 <停车> & 其他。\n（一）车位"},
			{document.Item, "1. 增设车位。"}, {document.Signature, "2026年1月12日"}}}
}

func TestTheWordFormIsADocumentWithTheWholeText(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := document.ProposalDocx(&b, sheet()); err != nil {
		t.Fatal(err)
	}
	in := bytes.NewReader(b.Bytes())
	if kind, err := blob.Sniff("提案.docx", nil, in, in.Size()); err != nil || kind != blob.DOCX {
		t.Errorf("judged as %s, %v", kind, err)
	}
	text, err := document.DocxText(in, in.Size())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"关于缓解老城区停车难的提案", "老城区 <停车> & 其他。", "1. 增设车位。", "提案者：林知远 周若水", "第 12 号"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in %q", want, text)
		}
	}
	main := part(t, b.Bytes(), "word/document.xml")
	for _, want := range []string{`w:top="2098"`, `w:bottom="1984"`, `w:left="1587"`, `w:right="1474"`, `w:docGrid w:type="lines"`, `方正小标宋简体"/><w:sz w:val="44"`, `w:line="580" w:lineRule="exact"`} {
		if !strings.Contains(main, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}

func part(t *testing.T, docx []byte, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(docx), int64(len(docx)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Whatever somebody typed, every part of the document is well-formed XML.
func TestEveryPartIsWellFormed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		s := sheet()
		s.Title = rapid.String().Draw(rt, "title")
		s.Blocks[1].Text = rapid.String().Draw(rt, "text")
		s.Meta[0][1] = rapid.String().Draw(rt, "meta")
		var b bytes.Buffer
		if err := document.ProposalDocx(&b, s); err != nil {
			rt.Fatal(err)
		}
		z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
		if err != nil {
			rt.Fatal(err)
		}
		for _, f := range z.File {
			in, err := f.Open()
			if err != nil {
				rt.Fatal(err)
			}
			d := xml.NewDecoder(in)
			for {
				if _, err := d.Token(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					rt.Fatalf("%s: %v", f.Name, err)
				}
			}
		}
	})
}

func TestAFullDiskIsTold(t *testing.T) {
	t.Parallel()
	if err := document.ProposalDocx(fullDisk{}, sheet()); err == nil {
		t.Error("nothing was said")
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space") }
