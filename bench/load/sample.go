package load

import (
	"math"
	"slices"
	"time"
)

func sortDurations(list []time.Duration) { slices.Sort(list) }

// Percentile is the value below or at which the share q (0 to 1) of a sorted list lies
// (nearest rank); 0 for an empty list.
func Percentile(sorted []time.Duration, q float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	rank := int(math.Ceil(q * float64(len(sorted))))
	return sorted[min(max(rank, 1), len(sorted))-1]
}

// Median is the middle of a list, the mean of the two middle ones when there is none; 0 for
// an empty list. The list stays as it is.
func Median(list []float64) float64 {
	if len(list) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(list))
	half := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[half]
	}
	return (sorted[half-1] + sorted[half]) / 2
}
