package document

import (
	"regexp"
	"strings"
	"unicode"
)

// Mark is a sign of a state secret found in a text (国家秘密标志).
type Mark struct {
	Level string // 绝密, 机密 or 秘密
	Text  string // the mark as it stands in the text, short; never the text around it
	Line  int    // from 1
}

// The levels, also with blanks between the characters, as letterheads set them.
const level = `(绝[ \t]*密|机[ \t]*密|秘[ \t]*密)`

// term is how long the secret is kept: 5年, 十年, 6个月, 长期, or until something.
const term = `(?:[0-9一二三四五六七八九十]{1,3}[ \t]*(?:年|个?月|天|日)|长期|永久|(?:启用|公布|启封|解密|宣布)[ \t]*前)`

// The forms a mark takes. Compiled once and never changed.
var ( //nolint:gochecknoglobals // patterns
	// starred: a level and the star of the official mark. 机密★, 秘密★5年, 绝密 ★ 启用前.
	starred = regexp.MustCompile(level + `[ \t]*(?:级[ \t]*)?[★☆⭐✭✮✩][ \t]*(?:` + term + `)?`)
	// dotted: the star replaced by a dot, dash or asterisk, with a term after it.
	dotted = regexp.MustCompile(`(?:^|[^\p{Han}\p{L}\p{N}])` + level + `[ \t]*(?:级[ \t]*)?[*＊·•・●▲△◆\-—－]+[ \t]*` + term)
	// alone: a line that is nothing but the mark, perhaps in brackets.
	alone = regexp.MustCompile(`^[\p{Ps}“"'《<＜]*[ \t]*` + level + `[ \t]*(?:级|件|文件)?[ \t]*(?:` + term + `)?[ \t]*[\p{Pe}”"'》>＞]*[!！]?$`)
	// field: 密级：秘密, 保密级别 机密, 定密为绝密.
	field = regexp.MustCompile(`(?:密[ \t]*级|保密(?:级别|等级)|涉密(?:级别|等级)|定密)[ \t]*(?:[:：=]|为|是|系)?[ \t]*[\p{Ps}]*` + level + `(?:[^码匙钥书室]|$)`)
	// bracketed: 【机密】, [绝密], （秘密） at the beginning of a line.
	bracketed = regexp.MustCompile(`^[【\[〔［（(]` + `[ \t]*` + level + `[ \t]*(?:级|件|文件)?[ \t]*(?:` + term + `)?[ \t]*[】\]〕］）)]`)
	// belongs: 本文件属机密级, 此件为绝密件.
	belongs = regexp.MustCompile(`(?:本|此|该)(?:件|文|文件|材料|资料|报告|稿)[ \t]*(?:属于?|为|系|是)[ \t]*(?:国家)?` + level + `(?:级|件|文件|材料|资料|级别|$|[，。；,;])`)
	// named: a file name that begins with the level and a separator.
	named = regexp.MustCompile(`^[ \t]*` + level + `[ \t]*(?:级|件|文件)?[ \t]*(?:[-_—－+.．、:：\]】）)★☆ ]|$)`)
)

// marksAtMost bounds the answer; one is enough to refuse.
const marksAtMost = 20

// Marks finds marks of state secrets in a text. It looks for the official
// mark and its common imitations, not for the words: 商业秘密, 保守国家秘密,
// 秘密投票 and 机密性 are ordinary language.
func Marks(text string) []Mark {
	var found []Mark
	n := 0
	for raw := range strings.SplitSeq(text, "\n") {
		n++
		line := plainLine(raw)
		if line == "" {
			continue
		}
		if m, ok := markIn(line); ok {
			m.Line = n
			if found = append(found, m); len(found) == marksAtMost {
				break
			}
		}
	}
	return found
}

// MarksInName finds marks in a file name: 机密-报告.docx, 【绝密】方案.pdf.
func MarksInName(name string) []Mark {
	stem := name
	if i := strings.LastIndexByte(name, '.'); i > 0 {
		stem = name[:i]
	}
	line := plainLine(stem)
	if m, ok := markIn(line); ok {
		return []Mark{{Level: m.Level, Text: m.Text, Line: 1}}
	}
	if m, ok := markBy(named, line); ok {
		return []Mark{{Level: m.Level, Text: m.Text, Line: 1}}
	}
	return nil
}

func markIn(line string) (Mark, bool) {
	if !strings.Contains(line, "密") {
		return Mark{}, false
	}
	// A business secret is no state secret, whatever stars it is given.
	line = strings.ReplaceAll(line, "商业秘密", "商业事项")
	for _, p := range []*regexp.Regexp{starred, alone, bracketed, field, belongs, dotted} {
		if m, ok := markBy(p, line); ok {
			return m, true
		}
	}
	return Mark{}, false
}

func markBy(p *regexp.Regexp, line string) (Mark, bool) {
	at := p.FindStringSubmatchIndex(line)
	if at == nil {
		return Mark{}, false
	}
	found := strings.TrimSpace(line[at[0]:at[1]])
	return Mark{Level: strings.Map(dropBlank, line[at[2]:at[3]]), Text: found}, true
}

func dropBlank(r rune) rune {
	if unicode.IsSpace(r) {
		return -1
	}
	return r
}

// plainLine writes every blank as a space and leaves out what cannot be seen,
// so that a mark cannot hide behind invisible characters. Full-width digits
// and letters become plain ones.
func plainLine(line string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Mn, r) || unicode.IsControl(r):
			return -1
		case r >= '０' && r <= '９' || r >= 'Ａ' && r <= 'ｚ':
			return r - 0xfee0
		}
		return r
	}, line))
}
