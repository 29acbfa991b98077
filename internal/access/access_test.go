package access_test

import (
	"testing"

	"tongxin/internal/access"
)

func TestTheZeroValuesRefuse(t *testing.T) {
	t.Parallel()
	if (access.Verdict{}).Allowed() {
		t.Error("a rule that forgot to answer must refuse")
	}
	if got := (access.Scope{}).And("x = ?", 1).SQL(); got != "1 = 0" {
		t.Errorf("a scope without a committee became %q", got)
	}
	if got := access.Committee("p.committee_id", "").SQL(); got != "1 = 0" {
		t.Errorf("an actor without a committee sees %q", got)
	}
	if (access.Actor{Post: access.Post{Kind: access.Chief}}).Is(access.Chief) {
		t.Error("nobody must not act in a post")
	}
	if access.Anyone(access.Nobody(access.Via{}), 0).Allowed() {
		t.Error("a visitor passed for somebody who signed in")
	}
}

func TestAScopeKeepsItsOwnArguments(t *testing.T) {
	t.Parallel()
	base := access.Committee("c", "A")
	one, two := base.And("x = ?", 1), base.And("x = ?", 2)
	if one.Args()[1] != 1 || two.Args()[1] != 2 || len(base.Args()) != 1 {
		t.Errorf("scopes share their arguments: %v %v", one.Args(), two.Args())
	}
}
