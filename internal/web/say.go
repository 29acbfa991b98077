package web

import "regexp"

var isDay = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)

// Say is the text of a key whose arguments were kept as pairs of text: of a
// message in the inbox, for instance. Calendar dates are written out.
func (v View) Say(key string, args []string) string {
	pairs := make([]any, len(args))
	for i, a := range args {
		if i%2 == 1 && isDay.MatchString(a) {
			a = v.Day(a)
		}
		pairs[i] = a
	}
	return v.T(key, pairs...)
}
