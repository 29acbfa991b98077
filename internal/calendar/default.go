package calendar

import (
	_ "embed"
	"encoding/json"
	"fmt"
)

//go:embed data/workdays.json
var defaultNotices []byte

// Default gives the notices that come with the program, the years 2023 to 2026.
func Default() ([]Notice, error) { return ParseNotices(defaultNotices) }

// noticeFile is the short form in which notices are written by hand: a holiday
// is a run of days.
type noticeFile struct {
	Years []struct {
		Year     int    `json:"year"`
		Notice   string `json:"notice"`
		Holidays []struct {
			Name string `json:"name"`
			From Date   `json:"from"`
			To   Date   `json:"to"`
		} `json:"holidays"`
		Makeups []Date `json:"makeups"`
	} `json:"years"`
}

// longestHoliday guards against a wrong year in a run of days.
const longestHoliday = 31

// ParseNotices reads notices in the form of data/workdays.json. A text that is
// not JSON answers a plain error, a notice that cannot be right what
// [Notice.Check] answers.
func ParseNotices(text []byte) ([]Notice, error) {
	var file noticeFile
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, fmt.Errorf("parse notices: %w", err)
	}
	notices := make([]Notice, 0, len(file.Years))
	for _, y := range file.Years {
		n := Notice{Year: y.Year, Number: y.Notice}
		for _, h := range y.Holidays {
			if days := h.To.Sub(h.From); h.From.IsZero() || days < 0 || days >= longestHoliday {
				return nil, fmt.Errorf("parse notice %d: %s from %s to %s is no run of days", y.Year, h.Name, h.From, h.To)
			}
			for d := h.From; !d.After(h.To); d = d.Add(1) {
				n.Exceptions = append(n.Exceptions, Exception{On: d, Kind: Holiday, Name: h.Name})
			}
		}
		for _, d := range y.Makeups {
			n.Exceptions = append(n.Exceptions, Exception{On: d, Kind: Makeup})
		}
		if err := n.Check(); err != nil {
			return nil, fmt.Errorf("parse notice %d: %w", y.Year, err)
		}
		notices = append(notices, n)
	}
	return notices, nil
}
