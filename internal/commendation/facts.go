package commendation

// WasOpened tells that nominating is open (commendation.opened).
type WasOpened struct {
	Kind Kind `json:"kind"`
	Year int  `json:"year"`
}

// FactName is the fact's name.
func (WasOpened) FactName() string { return "commendation.opened" }

// WasAdvanced tells that a campaign went on to another stage (commendation.advanced).
type WasAdvanced struct {
	Kind  Kind  `json:"kind"`
	Year  int   `json:"year"`
	Stage Stage `json:"stage"`
}

// FactName is the fact's name.
func (WasAdvanced) FactName() string { return "commendation.advanced" }

// WasObjected tells that somebody objected during public notice
// (commendation.objected).
type WasObjected struct {
	Kind Kind `json:"kind"`
	Year int  `json:"year"`
}

// FactName is the fact's name.
func (WasObjected) FactName() string { return "commendation.objected" }

// WasAnnounced tells who was commended (commendation.announced): Winners are ids
// of proposals, units or people, by Kind.
type WasAnnounced struct {
	Kind    Kind     `json:"kind"`
	Year    int      `json:"year"`
	Winners []string `json:"winners"`
}

// FactName is the fact's name.
func (WasAnnounced) FactName() string { return "commendation.announced" }
