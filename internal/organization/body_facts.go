package organization

// WasRenamed tells that a body has another name from a day on. Corrected is a
// slip of the pen: it never was called otherwise.
type WasRenamed struct {
	ID        string   `json:"id"`
	Kind      BodyKind `json:"kind"`
	Was       string   `json:"was"`
	Name      string   `json:"name"`
	On        string   `json:"on"`
	Reference string   `json:"reference,omitempty"`
	Corrected bool     `json:"corrected,omitempty"`
}

// FactName is the fact's name.
func (WasRenamed) FactName() string { return "body.renamed" }

// WasMerged tells that bodies became one.
type WasMerged struct {
	From      []string `json:"from"` // ended
	Into      string   `json:"into"`
	Kind      BodyKind `json:"kind"`
	On        string   `json:"on"`
	Reference string   `json:"reference,omitempty"`
}

// FactName is the fact's name.
func (WasMerged) FactName() string { return "body.merged" }

// WasSplit tells that a body became several. Default takes over what nobody
// decided about; it may be the body itself, which then goes on.
type WasSplit struct {
	ID        string   `json:"id"`
	Parts     []string `json:"parts"`
	Default   string   `json:"default"`
	Kind      BodyKind `json:"kind"`
	On        string   `json:"on"`
	Reference string   `json:"reference,omitempty"`
}

// FactName is the fact's name.
func (WasSplit) FactName() string { return "body.split" }

// WasEnded tells that a body ended; Heir is "" when nothing was left to do.
type WasEnded struct {
	ID        string   `json:"id"`
	Heir      string   `json:"heir,omitempty"`
	Kind      BodyKind `json:"kind"`
	On        string   `json:"on"`
	Reference string   `json:"reference,omitempty"`
}

// FactName is the fact's name.
func (WasEnded) FactName() string { return "body.ended" }
