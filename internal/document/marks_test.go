package document_test

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"tongxin/internal/blob"
	"tongxin/internal/document"
)

func countInto(n *int) func(string, time.Time) error {
	return func(string, time.Time) error { *n++; return nil }
}

func TestMarks(t *testing.T) {
	t.Parallel()
	marked := []string{
		"秘密★5年", "机密★", "绝密★启用前", "绝密", "机  密", "秘　密", "【机密】", "（绝密）", "[秘密] 关于某事的请示", "秘密 ★ 一年",
		"密级：秘密", "密级:机密", "保密级别：绝密", "密 级：机密★10年", "本件属机密级，阅后收回", "此件为绝密件。", "机密☆3年", "机\u200b密★5年",
		"机密★１０年", "正文前\n机密★长期\n正文后", "绝密级", "机密文件", "秘密·5年", "机密*10年", "　　机密★6个月", "关于××的报告（秘密★1年）", "机密★5年启封前",
	}
	for _, text := range marked {
		if len(document.Marks(text)) == 0 {
			t.Errorf("not found: %q", text)
		}
	}
	plain := []string{
		"", "保守国家秘密是每个公民的义务。", "侵犯商业秘密", "秘密投票", "采用无记名秘密投票方式", "机密性、完整性、可用性", "加强涉密人员管理", "商业秘密★评价五星",
		"绝密飞行展览馆", "泄露国家秘密罪", "保密工作", "密级管理制度", "建议完善密级标识", "国家秘密分为绝密、机密、秘密三级", "绝密级国家秘密是最重要的国家秘密",
		"属于国家秘密", "通信秘密受法律保护", "个人隐私和商业秘密", "机密文件柜采购", "他的秘密武器是坚持", "揭开古城的秘密", "健康的秘密", "《刑法》第三百九十八条故意泄露国家秘密",
		"密级：非密", "密级：无", "人口密度高", "机 密钥管理", "秘密地、悄悄地", "定密责任人培训",
	}
	for _, text := range plain {
		if m := document.Marks(text); len(m) > 0 {
			t.Errorf("false hit in %q: %+v", text, m)
		}
	}
	m := document.Marks("第一行\n机 密★5年 其余")
	if len(m) != 1 || m[0].Level != "机密" || m[0].Line != 2 || m[0].Text != "机 密★5年" {
		t.Errorf("told as %+v", m)
	}
}

func TestMarksInName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"机密-方案.docx": true, "【绝密】方案.pdf": true, "绝密.docx": true, "秘密★5年 报告.docx": true, "机密 报告.docx": true, "(秘密)报告.txt": true,
		"商业秘密保护建议.docx": false, "保守国家秘密.pdf": false, "秘密投票办法.docx": false, "机密性测评.pdf": false, "报告.docx": false, "": false, ".docx": false,
	} {
		if got := len(document.MarksInName(name)) > 0; got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
}

func FuzzMarks(f *testing.F) {
	for _, s := range []string{"机密★5年", "密级：秘密", "\xff机密★", "绝\u200b密★\n", strings.Repeat("密", 300)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, m := range document.Marks(s) {
			if m.Level != "绝密" && m.Level != "机密" && m.Level != "秘密" || m.Line < 1 || !utf8.ValidString(m.Text) || m.Text == "" {
				t.Errorf("%q gave %+v", s, m)
			}
		}
		if len(document.Marks(s+"\n机密★5年\n")) == 0 {
			t.Errorf("a mark was hidden by %q", s)
		}
	})
}

func FuzzDocxText(f *testing.F) {
	f.Add(docx(f, map[string]string{"word/document.xml": paragraph("一", "二")}))
	f.Add([]byte("PK\x03\x04"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		text, err := document.DocxText(bytes.NewReader(b), int64(len(b)))
		if err != nil && text != "" {
			t.Error("text beside an error")
		}
		if len(text) > 16<<20 {
			t.Errorf("%d bytes of text", len(text))
		}
	})
}

func TestDocxTextKeepsItsLimits(t *testing.T) {
	t.Parallel()
	text, err := document.DocxText(bytes.NewReader(docx(t, map[string]string{"word/document.xml": paragraph("停", "车", "难") + "<!-- " + strings.Repeat(" ", 100) + "-->"})), 0)
	if err == nil {
		t.Errorf("a wrong size gave %q", text)
	}
	bomb := docx(t, map[string]string{"word/document.xml": paragraph(strings.Repeat("密", 12<<20))})
	if text, err := document.DocxText(bytes.NewReader(bomb), int64(len(bomb))); err == nil || text != "" {
		t.Errorf("%d bytes unpacked, %v", len(text), err)
	}
}

func TestTextOfOldEncodings(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{
		"GB 18030":  "\xbb\xfa\xc3\xdc\xa1\xef5\xc4\xea", // 机密★5年
		"UTF-8":     "机密★5年",
		"UTF-8 BOM": "\ufeff机密★5年",
		"UTF-16 LE": "\xff\xfe\x3a\x67\xc6\x5b\x05\x26",
		"UTF-16 BE": "\xfe\xff\x67\x3a\x5b\xc6\x26\x05",
	} {
		text, err := document.TextOf(blob.TXT, strings.NewReader(content), int64(len(content)))
		if err != nil || len(document.Marks(text)) != 1 {
			t.Errorf("%s: read as %q, %v", name, text, err)
		}
	}
}
