package appraisal

// WasPublished tells that a year's scores are announced.
type WasPublished struct {
	SchemeID string   `json:"scheme_id"`
	Year     int      `json:"year"`
	Title    string   `json:"title"`
	AppealBy string   `json:"appeal_by"`
	Units    []string `json:"units"`
}

// FactName is the fact's name.
func (WasPublished) FactName() string { return "appraisal.published" }

// WasAppealed tells that a unit appeals against its sheet.
type WasAppealed struct {
	SchemeID string `json:"scheme_id"`
	Year     int    `json:"year"`
	UnitID   string `json:"unit_id"`
	UnitName string `json:"unit_name"`
}

// FactName is the fact's name.
func (WasAppealed) FactName() string { return "appraisal.appealed" }

// WasRuled tells how an appeal was answered.
type WasRuled struct {
	SchemeID string `json:"scheme_id"`
	Year     int    `json:"year"`
	UnitID   string `json:"unit_id"`
	UnitName string `json:"unit_name"`
	Ruling   string `json:"ruling"`
}

// FactName is the fact's name.
func (WasRuled) FactName() string { return "appraisal.ruled" }

// WasAdjusted tells that a published sheet was corrected.
type WasAdjusted struct {
	SchemeID string  `json:"scheme_id"`
	Year     int     `json:"year"`
	UnitID   string  `json:"unit_id"`
	UnitName string  `json:"unit_name"`
	Points   Decimal `json:"points"`
}

// FactName is the fact's name.
func (WasAdjusted) FactName() string { return "appraisal.adjusted" }
