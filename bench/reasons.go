package main

// reasons tells, by the key of a target, why it was missed and what comes next. It is kept
// by hand, after profiling; the page shows only those of targets that were missed.
func reasons() map[string]string {
	return map[string]string{}
}
