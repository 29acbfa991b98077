package fiction

import (
	"hash/fnv"
	"math/rand/v2"
	"strconv"
	"strings"
)

// dice is the source of chance. Each purpose has its own, so that asking for one
// text does not change another.
type dice struct{ *rand.Rand }

// dice returns the source of chance for a purpose, a function of seed and words.
func (c *City) dice(words ...string) dice {
	h := fnv.New64a()
	for _, w := range words {
		h.Write([]byte(w))
		h.Write([]byte{0})
	}
	return dice{rand.New(rand.NewPCG(c.Seed, h.Sum64()))}
}

// one picks one of the texts; of none it makes the empty text.
func (d dice) one(from []string) string {
	if len(from) == 0 {
		return ""
	}
	return from[d.IntN(len(from))]
}

// chance is true in percent of a hundred cases.
func (d dice) chance(percent int) bool { return d.IntN(100) < percent }

// weighted returns an index, chosen in proportion to the weights.
func (d dice) weighted(weights ...int) int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	n := d.IntN(sum)
	for i, w := range weights {
		if n < w {
			return i
		}
		n -= w
	}
	return len(weights) - 1
}

// fill replaces {name} by its value, {3-9} or {1.2-4.6} by a number of that range
// and [a|b] by one of the alternatives. A {name} without a value stays as it is,
// which the tests look for.
func (d dice) fill(text string, values map[string]string) string {
	var out strings.Builder
	for text != "" {
		at := strings.IndexAny(text, "{[")
		if at < 0 {
			break
		}
		out.WriteString(text[:at])
		closing := byte('}')
		if text[at] == '[' {
			closing = ']'
		}
		end := strings.IndexByte(text[at:], closing)
		if end < 0 {
			break
		}
		inner := text[at+1 : at+end]
		if closing == ']' {
			// The alternative may itself hold braces, so it is read next.
			text = d.one(strings.Split(inner, "|")) + text[at+end+1:]
			continue
		}
		out.WriteString(d.value(inner, values))
		text = text[at+end+1:]
	}
	out.WriteString(text)
	return out.String()
}

func (d dice) value(key string, values map[string]string) string {
	if v, ok := values[key]; ok {
		return v
	}
	low, high, ok := strings.Cut(key, "-")
	if !ok {
		return "{" + key + "}"
	}
	_, fraction, _ := strings.Cut(low, ".")
	from, err1 := strconv.ParseFloat(low, 64)
	to, err2 := strconv.ParseFloat(high, 64)
	if err1 != nil || err2 != nil || to < from {
		return "{" + key + "}"
	}
	if fraction == "" {
		return strconv.Itoa(int(from) + d.IntN(int(to-from)+1))
	}
	return strconv.FormatFloat(from+d.Float64()*(to-from), 'f', len(fraction), 64)
}
