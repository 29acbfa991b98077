package access

// Scope is the part of a table that somebody may see, as a condition of the
// query itself, never as a filter afterwards. The zero Scope matches nothing.
type Scope struct {
	sql  string
	args []any
}

// Nothing is the scope of those who may see nothing.
func Nothing() Scope { return Scope{} }

// Committee is every row of one committee; column is its committee_id.
// Without a committee it matches nothing.
func Committee(column, committeeID string) Scope {
	if committeeID == "" {
		return Scope{}
	}
	return Scope{column + " = ?", []any{committeeID}}
}

// And narrows a scope by a condition of our own source.
func (s Scope) And(sql string, args ...any) Scope {
	if s.sql == "" {
		return Scope{}
	}
	joined := make([]any, 0, len(s.args)+len(args))
	joined = append(append(joined, s.args...), args...)
	return Scope{s.sql + " AND (" + sql + ")", joined}
}

// SQL is the condition with ? placeholders.
func (s Scope) SQL() string {
	if s.sql == "" {
		return "1 = 0"
	}
	return s.sql
}

// Args are the values of the placeholders.
func (s Scope) Args() []any { return s.args }
