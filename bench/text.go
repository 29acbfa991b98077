package main

import (
	"strconv"
	"strings"
)

// sentences are the stuff of the proposals that are handed in; each proposal is cut from
// them at another place.
const sentences = "近年来我市老旧小区改造持续推进，群众居住条件明显改善，但停车难、加装电梯难、物业服务跟不上等问题仍然比较集中。" +
	"我们走访了十二个社区，召开座谈会六次，发放问卷三百余份，发现多数居民愿意分担费用，却不清楚应当找哪个部门办理。" +
	"相关审批分散在住建、规划、消防、市场监管等单位，一项手续往往要跑三四个窗口，资料重复提交，办理期限没有公开。" +
	"部分小区没有业主委员会，公共收益不公开，维修资金使用率低，小修拖成大修，居民意见很大。" +
	"社区工作人员身兼数职，缺少工程和法律方面的专业支持，协调邻里分歧时常常力不从心。" +
	"外地一些城市设立了综合服务窗口，由一家牵头、限时办结、结果公开，值得结合本市实际加以借鉴。"

// bodyLength is the number of characters of a proposal's body.
const bodyLength = 800

// body is the n-th text of 800 characters.
func body(n int) string {
	all := []rune(strings.Repeat(sentences, 5))
	from := n * 7 % (len(all) - bodyLength)
	return string(all[from : from+bodyLength])
}

// letters are ready-made JSON texts of proposals, so that a request costs the client little.
// Each carries its number in the title.
type letters struct{ before, after [][]byte }

// variants is how many different texts there are.
const variants = 64

// newLetters makes them from a template in which TITLE and BODY stand for what changes.
func newLetters(template string) letters {
	var l letters
	for i := range variants {
		text := strings.ReplaceAll(template, "BODY", body(i))
		before, after, _ := strings.Cut(text, "TITLE")
		l.before = append(l.before, []byte(before+"关于方便老旧小区居民办事的提案第"))
		l.after = append(l.after, []byte("件"+after))
	}
	return l
}

// write appends the n-th proposal to buf.
func (l letters) write(n uint64, buf []byte) []byte {
	i := n % variants
	buf = strconv.AppendUint(append(buf, l.before[i]...), n, 10)
	return append(buf, l.after[i]...)
}

// raw is JSON that is written already.
type raw []byte

// MarshalJSON gives it as it is.
func (r raw) MarshalJSON() ([]byte, error) { return r, nil }
