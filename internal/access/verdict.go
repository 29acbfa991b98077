package access

// Verdict is a rule's answer. Its zero value refuses.
type Verdict struct {
	allowed bool
	hidden  bool
	key     string
}

// Allow lets the act happen.
func Allow() Verdict { return Verdict{allowed: true} }

// Deny refuses with a sentence (message key); the thing itself may be seen.
func Deny(key string) Verdict { return Verdict{key: key} }

// Hide refuses as if the thing did not exist.
func Hide() Verdict { return Verdict{hidden: true} }

// When allows if ok and denies with the sentence otherwise.
func When(ok bool, key string) Verdict {
	if ok {
		return Allow()
	}
	return Deny(key)
}

// Allowed reports whether the act may happen.
func (v Verdict) Allowed() bool { return v.allowed }

// Hidden reports whether the thing must seem not to exist.
func (v Verdict) Hidden() bool { return v.hidden }

// Key is the sentence of a refusal.
func (v Verdict) Key() string {
	if v.key == "" {
		return "access.denied"
	}
	return v.key
}

// String is the word in the permission table.
func (v Verdict) String() string {
	switch {
	case v.allowed:
		return "allow"
	case v.hidden:
		return "hide"
	default:
		return "deny"
	}
}

// Public is the rule of what anybody may do without signing in. A search for
// this word lists every open door.
func Public[S any](Actor, S) Verdict { return Allow() }

// Anyone is the rule of what everybody who is signed in may do for himself.
func Anyone[S any](who Actor, _ S) Verdict { return When(who.SignedIn(), "access.sign-in") }
