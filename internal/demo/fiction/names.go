package fiction

import (
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
)

// Genders as written on the roster.
const (
	Male   = "男"
	Female = "女"
)

// Fingerprint is the form in which data/names.json lists the names that must
// never be given to an invented person. Real names thus stay out of the tree;
// to add one, append its fingerprint to "denied".
func Fingerprint(name string) string {
	h := fnv.New64a()
	h.Write([]byte("tongxin:" + name))
	return fmt.Sprintf("%016x", h.Sum64())
}

// namer composes names and never gives one twice.
type namer struct {
	dice
	text     nameText
	surnames []string
	weights  []int
	taken    map[string]bool
	denied   map[string]bool
}

func newNamer(d dice, text nameText) *namer {
	n := &namer{dice: d, text: text, taken: map[string]bool{}, denied: map[string]bool{}}
	for _, line := range text.Surnames {
		surname, weight, _ := strings.Cut(line, " ")
		w, err := strconv.Atoi(weight)
		if err != nil {
			panic(fmt.Errorf("weight of surname %s: %w", surname, err))
		}
		n.surnames = append(n.surnames, surname)
		n.weights = append(n.weights, w)
	}
	for _, d := range text.Denied {
		n.denied[d] = true
	}
	for _, s := range text.Special {
		n.taken[s.Name] = true
	}
	return n
}

// name composes an unused name for a person of that gender and birth year.
func (n *namer) name(gender string, born int) string {
	for {
		name := n.surnames[n.weighted(n.weights...)] + n.given(gender, born)
		if n.free(name) {
			n.taken[name] = true
			return name
		}
	}
}

func (n *namer) free(name string) bool {
	return !n.taken[name] && !n.denied[Fingerprint(name)]
}

// given composes a given name in the fashion of the birth year. Few are of one
// character: such names are the likeliest to belong to somebody well known.
func (n *namer) given(gender string, born int) string {
	cohorts := n.text.Male
	if gender == Female {
		cohorts = n.text.Female
	}
	for _, c := range cohorts {
		if born > c.Until {
			continue
		}
		if n.chance(14) {
			return n.char(c.Single)
		}
		first, second := n.char(c.First), n.char(c.Second)
		for first == second {
			second = n.char(c.Second)
		}
		return first + second
	}
	return n.char(cohorts[len(cohorts)-1].Single)
}

func (n *namer) char(from string) string {
	all := []rune(from)
	return string(all[n.IntN(len(all))])
}

// memberPhone and staffPhone are numbers of eleven digits that no network can
// assign: a mobile number in China starts with 1.
func memberPhone(no int) string { return fmt.Sprintf("0001%07d", no*7919%10_000_000) }

func staffPhone(no int) string { return fmt.Sprintf("0002%07d", no*7919%10_000_000) }

// officePhone is a landline in an area code that does not exist.
func officePhone(no int) string { return fmt.Sprintf("000-%07d", 5_000_000+no*137) }
