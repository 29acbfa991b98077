package commendation

import (
	"fmt"
	"strconv"
	"strings"

	"tongxin/internal/app"
)

// Scores lends the published yearly scores of units, when another domain keeps
// them; without such a part the office types scores in at the first reading.
type Scores interface {
	// ScoresOf gives the published score of each unit in a year, in hundredths of
	// a point; units without one are left out.
	ScoresOf(l *app.Look, year int, units []string) (map[string]int64, error)
}

// scoresOf asks whoever lends scores.
func scoresOf(l *app.Look, year int, units []string) (map[string]int64, error) {
	lent, ok := app.PartOf[Scores](l.App())
	if !ok || len(units) == 0 {
		return map[string]int64{}, nil
	}
	m, err := lent.ScoresOf(l, year, units)
	if err != nil {
		return nil, fmt.Errorf("ask for the scores of %d: %w", year, err)
	}
	return m, nil
}

// scoreMost is the highest score that can be typed, in hundredths.
const scoreMost = 200_00

// parseScore reads a score with at most two decimals into hundredths.
func parseScore(text string) (int64, bool) {
	whole, part, _ := strings.Cut(strings.TrimSpace(text), ".")
	if len(whole) == 0 || len(whole) > 3 || len(part) > 2 {
		return 0, false
	}
	n, err := strconv.ParseUint(whole+(part + "00")[:2], 10, 32)
	return int64(n), err == nil && n <= scoreMost
}

// SayHundredths writes a score as people do: 92.5.
func SayHundredths(n int64) string {
	s := fmt.Sprintf("%d.%02d", n/100, n%100)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}
