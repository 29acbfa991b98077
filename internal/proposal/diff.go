package proposal

// Change is one run of characters in the difference between two texts.
type Change struct {
	How  string `json:"how"` // "", cut, new
	Text string `json:"text"`
}

// How a run differs.
const (
	Cut = "cut"
	New = "new"
)

// Difference is what was changed between two texts, character by character, in
// the order of reading. Runs shorter than a few characters between changes are
// joined to them, so that people read words and not letters.
func Difference(before, after string) []Change {
	a, b := []rune(before), []rune(after)
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	list := add(nil, "", a[:head])
	list = middle(list, a[head:len(a)-tail], b[head:len(b)-tail])
	return add(list, "", a[len(a)-tail:])
}

// mostCells bounds the work: beyond it the whole middle is shown as replaced.
const mostCells = 4 << 20

// middle compares two texts that share neither beginning nor end by their
// longest common subsequence.
func middle(list []Change, a, b []rune) []Change {
	if len(a) == 0 || len(b) == 0 || len(a)*len(b) > mostCells {
		return add(add(list, Cut, a), New, b)
	}
	width := len(b) + 1
	common := make([]uint16, (len(a)+1)*width)
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i*width+j] = common[(i+1)*width+j+1] + 1
			} else {
				common[i*width+j] = max(common[(i+1)*width+j], common[i*width+j+1])
			}
		}
	}
	var runs []Change
	for i, j := 0, 0; i < len(a) || j < len(b); {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			runs = add(runs, "", a[i:i+1])
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[(i+1)*width+j] >= common[i*width+j+1]:
			runs = add(runs, Cut, a[i:i+1])
			i++
		default:
			runs = add(runs, New, b[j:j+1])
			j++
		}
	}
	return append(list, joinShort(runs)...)
}

// add appends a run, to the last one when that differs in the same way.
func add(list []Change, how string, text []rune) []Change {
	if len(text) == 0 {
		return list
	}
	if n := len(list); n > 0 && list[n-1].How == how {
		list[n-1].Text += string(text)
		return list
	}
	return append(list, Change{how, string(text)})
}

// shortRun is the longest equal run between two changes that is shown as
// changed too.
const shortRun = 1

// joinShort turns "cut, equal, new" with a short equal run into one change.
func joinShort(runs []Change) []Change {
	var list []Change
	var cut, fresh string
	flush := func() {
		list = add(add(list, Cut, []rune(cut)), New, []rune(fresh))
		cut, fresh = "", ""
	}
	for i, r := range runs {
		switch {
		case r.How == Cut:
			cut += r.Text
		case r.How == New:
			fresh += r.Text
		case i > 0 && i < len(runs)-1 && len([]rune(r.Text)) <= shortRun:
			cut, fresh = cut+r.Text, fresh+r.Text
		default:
			flush()
			list = add(list, "", []rune(r.Text))
		}
	}
	flush()
	return list
}
