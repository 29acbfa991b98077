package site

import (
	"slices"

	"tongxin/internal/app"
	"tongxin/internal/appraisal"
	"tongxin/internal/commendation"
)

// scores lends the published scores of units to those who choose the advanced
// ones.
type scores struct{}

var _ commendation.Scores = scores{}

// ScoresOf implements commendation.Scores.
func (scores) ScoresOf(l *app.Look, year int, units []string) (map[string]int64, error) {
	list, err := appraisal.StandingsOf(l, year)
	if err != nil {
		return nil, err
	}
	known := map[string]int64{}
	for _, s := range list {
		if slices.Contains(units, s.UnitID) {
			known[s.UnitID] = int64(s.Total)
		}
	}
	return known, nil
}
