package handling

// WasPromiseKept tells that a unit reported a promise kept.
type WasPromiseKept struct {
	About
	PromiseID string `json:"promise_id"`
	KeptOn    string `json:"kept_on"`
	DueOn     string `json:"due_on"`
	Confirm   bool   `json:"confirm,omitempty"` // the proposers are asked to confirm it
	All       bool   `json:"all,omitempty"`     // everything is kept: the class of the reply may rise
}

// FactName is the fact's name.
func (WasPromiseKept) FactName() string { return "promise.kept" }

// WasCancelAsked tells that a unit asks to be released from a promise.
type WasCancelAsked struct {
	About
	PromiseID string `json:"promise_id"`
}

// FactName is the fact's name.
func (WasCancelAsked) FactName() string { return "promise.cancel-asked" }

// WasCancelRefused tells that the promise stands.
type WasCancelRefused struct {
	About
	PromiseID string `json:"promise_id"`
}

// FactName is the fact's name.
func (WasCancelRefused) FactName() string { return "promise.cancel-refused" }

// WasPromiseCancelled tells that a promise will not be kept.
type WasPromiseCancelled struct {
	About
	PromiseID string `json:"promise_id"`
}

// FactName is the fact's name.
func (WasPromiseCancelled) FactName() string { return "promise.cancelled" }

// WasPromiseConfirmed tells what a proposer says of a promise that was reported
// kept; with no it is open again.
type WasPromiseConfirmed struct {
	About
	PromiseID string `json:"promise_id"`
	Answer    string `json:"answer"`
}

// FactName is the fact's name.
func (WasPromiseConfirmed) FactName() string { return "promise.confirmed" }

// WasPromiseNear tells that the date of a promise is near.
type WasPromiseNear struct {
	About
	PromiseID string `json:"promise_id"`
	DueOn     string `json:"due_on"`
	Left      int    `json:"left"` // working days
}

// FactName is the fact's name.
func (WasPromiseNear) FactName() string { return "promise.near" }

// WasPromiseLate tells that a promise is open after its date: on the day after,
// and again after every so many working days. About names the proposers the
// first time.
type WasPromiseLate struct {
	About
	PromiseID string `json:"promise_id"`
	DueOn     string `json:"due_on"`
	Step      int    `json:"step"` // working days late at which it is told: 0, 15, 30 …
	Late      int    `json:"late"` // working days
}

// FactName is the fact's name.
func (WasPromiseLate) FactName() string { return "promise.late" }
