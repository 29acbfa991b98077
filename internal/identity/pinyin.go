package identity

import (
	"strings"

	"github.com/mozillazg/go-pinyin"
)

// surnames are read differently as a surname than as a word.
//
//nolint:gochecknoglobals // a constant that Go cannot declare
var surnames = map[rune]string{
	'曾': "zeng", '单': "shan", '解': "xie", '仇': "qiu", '区': "ou", '朴': "piao", '查': "zha", '盖': "ge", '尉': "wei", '翟': "zhai",
	'任': "ren", '华': "hua", '乐': "yue", '纪': "ji", '燕': "yan", '应': "ying", '隗': "wei", '种': "chong", '折': "she", '缪': "miao",
	'员': "yun", '覃': "qin", '宁': "ning", '召': "shao", '牟': "mu", '冼': "xian", '逄': "pang", '郇': "xun", '黑': "he", '繁': "po",
}

// syllables are the readings of the signs of a name, letters of other scripts
// in lower case.
func syllables(name string) []string {
	a := pinyin.NewArgs()
	a.Fallback = func(r rune, _ pinyin.Args) []string { return []string{strings.ToLower(string(r))} }
	read := pinyin.Pinyin(name, a)
	list := make([]string, 0, len(read))
	for _, s := range read {
		list = append(list, s[0])
	}
	if r := []rune(name); len(r) > 0 && len(list) == len(r) && surnames[r[0]] != "" {
		list[0] = surnames[r[0]]
	}
	return list
}

// Pinyin is the key by which names are found and sorted: syllables without
// tones, letters of other scripts in lower case.
func Pinyin(name string) string { return strings.TrimSpace(strings.Join(syllables(name), " ")) }

// Initials are the first letters of the syllables: 林知远 is lzy.
func Initials(name string) string {
	var b strings.Builder
	for _, s := range syllables(name) {
		for _, r := range strings.TrimSpace(s) {
			b.WriteRune(r)
			break
		}
	}
	return b.String()
}
