package fault_test

import (
	"errors"
	"fmt"
	"testing"

	"tongxin/internal/fault"
)

func TestFromFindsTheFaultUnderWrapping(t *testing.T) {
	t.Parallel()
	inner := fault.New(fault.Closed, "proposal.submit.late")
	if got := fault.From(fmt.Errorf("submit 7: %w", inner)); got.Kind != fault.Closed || got.Key != "proposal.submit.late" {
		t.Errorf("got %v %q", got.Kind, got.Key)
	}
	if got := fault.From(errors.New("disk")); got.Kind != fault.Internal {
		t.Errorf("a plain error became %v", got.Kind)
	}
	if fault.Is(nil, fault.Internal) {
		t.Error("no error is no fault")
	}
}

func TestProblemsTellEverythingAtOnce(t *testing.T) {
	t.Parallel()
	var p fault.Problems
	p.Check(true, "a", "fine")
	if p.Err() != nil {
		t.Fatal("nothing is wrong yet")
	}
	p.Check(false, "title", "empty")
	p.Add("body", "long", "max", 2000)
	all := fault.From(p.Err()).All()
	if len(all) != 2 || all[0].Field != "title" || all[1].Key != "long" {
		t.Errorf("got %v", all)
	}
}
