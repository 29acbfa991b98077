package archiveweb

import (
	"strconv"

	"tongxin/internal/archive"
	"tongxin/internal/profile"
	"tongxin/internal/web"
)

// tone is the colour of a finding's tag.
func tone(s archive.Severity) string {
	switch s {
	case archive.Severe:
		return "bad"
	case archive.Warning:
		return "warn"
	case archive.Passed:
		return "ok"
	}
	return "mute"
}

// stateTone is the colour of a file's state.
func stateTone(f archive.File) string {
	switch {
	case f.Broken:
		return "bad"
	case f.State == archive.Archived && !f.Later:
		return "ok"
	case f.State == archive.Waiting:
		return "info"
	}
	return "warn"
}

// size writes bytes as people read them.
func size(n int64) string {
	switch {
	case n >= 10<<20:
		return strconv.FormatInt(n>>20, 10) + " MB"
	case n >= 1<<20:
		return strconv.FormatFloat(float64(n)/(1<<20), 'f', 1, 64) + " MB"
	default:
		return strconv.FormatInt((n+1023)>>10, 10) + " kB"
	}
}

// sum counts the lines of a report.
func sum(v web.View, list []archive.Finding) string {
	n := map[archive.Severity]int{}
	for _, f := range list {
		n[f.Severity]++
	}
	return v.T("archive.show.report.sum", "passed", n[archive.Passed], "notes", n[archive.Note], "warnings", n[archive.Warning], "severe", n[archive.Severe])
}

// of are the findings about one property, the worst first.
func of(list []archive.Finding, p archive.Property) []archive.Finding {
	var out []archive.Finding
	for _, s := range []archive.Severity{archive.Severe, archive.Warning, archive.Note, archive.Passed} {
		for _, f := range list {
			if f.Property == p && f.Severity == s {
				out = append(out, f)
			}
		}
	}
	return out
}

// classes are the choices of a retention class; with usual the first is the one
// of the rules.
func classes(v web.View, s *archive.Shown, usual bool) []web.Option {
	var list []web.Option
	if usual {
		list = append(list, web.Option{Value: "", Text: v.T("archive.form.usual", "name", profile.NameOf(s.Classes, s.Usual))})
	}
	for _, c := range s.Classes {
		if !c.Off {
			list = append(list, web.Option{Value: c.Code, Text: c.Name})
		}
	}
	return list
}

// tracking reports whether only things that are tracked are open.
func tracking(list []archive.Open) bool {
	for _, o := range list {
		if !o.Tracking {
			return false
		}
	}
	return len(list) > 0
}
