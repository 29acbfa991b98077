package store

import "strings"

// Fragment is a piece of SQL with its arguments. Fragments are the only way to
// put SQL together; their text comes from our own source, never from a request.
type Fragment struct {
	SQL  string
	Args []any
}

// F makes a fragment.
func F(sql string, args ...any) Fragment { return Fragment{sql, args} }

// Join puts fragments together with spaces between them.
func Join(parts ...Fragment) Fragment {
	var b strings.Builder
	var args []any
	for _, p := range parts {
		if p.SQL == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(p.SQL)
		args = append(args, p.Args...)
	}
	return Fragment{b.String(), args}
}

// And is the conjunction of conditions; of none it is true.
func And(conditions ...Fragment) Fragment {
	var list []string
	var args []any
	for _, c := range conditions {
		if c.SQL == "" {
			continue
		}
		list = append(list, "("+c.SQL+")")
		args = append(args, c.Args...)
	}
	if len(list) == 0 {
		return Fragment{SQL: "1 = 1"}
	}
	return Fragment{strings.Join(list, " AND "), args}
}

// In is "column IN (…)"; of no values it is false.
func In(column string, values ...string) Fragment {
	if len(values) == 0 {
		return Fragment{SQL: "1 = 0"}
	}
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = v
	}
	return Fragment{column + " IN (?" + strings.Repeat(", ?", len(values)-1) + ")", args}
}
