package proposal

import (
	"tongxin/internal/app"
	"tongxin/internal/fault"
)

// KeyReleaseIn ends that a proposal is a key proposal.
type KeyReleaseIn struct {
	ID      string `json:"id"`
	Version int64  `json:"version,omitempty"`
	Reason  string `json:"reason"`
}

// KeyRelease ends that a proposal is a key proposal (解除重点), with a reason.
// What was recorded stays; nobody owes anything more. Deadlines that became
// earlier stay as the unit was told them.
var KeyRelease = app.Define("key.release", func(c *app.Call, in KeyReleaseIn) (*KeyCase, error) { return claimKey(c, in.ID) }, chiefOnly, keyRelease)

func keyRelease(c *app.Call, k *KeyCase, in KeyReleaseIn) (KeyDone, error) {
	if err := k.fresh(in.Version); err != nil {
		return KeyDone{}, err
	}
	var p fault.Problems
	k.Key.Released = said(&p, "reason", in.Reason, true, keyShort)
	if err := p.Err(); err != nil {
		return KeyDone{}, err
	}
	if err := k.Key.State.move(KeyReleased); err != nil {
		return KeyDone{}, err
	}
	for i := range k.Key.Tasks {
		t := &k.Key.Tasks[i]
		if t.State != TaskOpen {
			continue
		}
		t.State = TaskEnded
		if err := saveTask(c, t); err != nil {
			return KeyDone{}, err
		}
	}
	if err := saveKey(c, k.Key); err != nil {
		return KeyDone{}, err
	}
	if err := mark(c, k.ID, 0); err != nil {
		return KeyDone{}, err
	}
	c.Detail(map[string]any{"year": k.Key.Year})
	return KeyDone{ID: k.ID, Version: k.Key.Version}, c.Record(KeyWasReleased{k.Key.Year}, caseKind, k.ID)
}
