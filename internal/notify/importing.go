package notify

import (
	"encoding/csv"
	"fmt"
	"strings"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/identity"
)

// ImportIn are names of people at the platforms, as lines of phone number,
// channel and name, separated by a comma or a tab. The channel is wecom,
// dingtalk, feishu, or its Chinese name.
type ImportIn struct {
	Lines string `json:"lines"`
}

// ImportOut is how many names were kept.
type ImportOut struct {
	Kept int `json:"kept"`
}

// house is the committee whose outbox an act is about.
type house struct{ committeeID string }

// Object names the committee.
func (h house) Object() (string, string) { return "outbox", h.committeeID }

// mayRun: the system administrator of the committee.
func mayRun(who access.Actor, h house) access.Verdict {
	if !who.SignedIn() || h.committeeID != who.CommitteeID {
		return access.Hide()
	}
	return access.When(who.Is(access.SystemAdmin), "access.denied")
}

// ImportAddresses keeps the names of many people at the platforms at once: all
// of them, or none when a line is wrong.
var ImportAddresses = app.Define("notify.import-addresses",
	func(c *app.Call, _ ImportIn) (house, error) { return house{c.Who().CommitteeID}, nil },
	mayRun,
	func(c *app.Call, _ house, in ImportIn) (ImportOut, error) {
		rows, err := addressRows(in.Lines)
		if err != nil {
			return ImportOut{}, err
		}
		var wrong fault.Problems
		for i, r := range rows {
			if i >= problemsAtMost && wrong.Err() != nil {
				break
			}
			personID, _, err := identity.ByPhone(&c.Look, r.phone)
			if err != nil {
				return ImportOut{}, err
			}
			wrong.Check(personID != "", "lines", "notify.import.nobody", "line", r.line)
			rows[i].personID = personID
		}
		if err := wrong.Err(); err != nil {
			return ImportOut{}, err
		}
		for _, r := range rows {
			if err := keepAddress(c, r.personID, r.channel, r.address); err != nil {
				return ImportOut{}, err
			}
		}
		c.Detail(map[string]int{"kept": len(rows)})
		return ImportOut{len(rows)}, nil
	}).Unkept()

// addressRow is one line of an import.
type addressRow struct {
	line                    int
	phone, channel, address string
	personID                string
}

const (
	linesAtMost    = 2000
	problemsAtMost = 20
)

// addressRows reads the lines and tells which are wrong.
func addressRows(text string) ([]addressRow, error) {
	r := csv.NewReader(strings.NewReader(strings.ReplaceAll(strings.TrimPrefix(text, "\ufeff"), "\t", ",")))
	r.FieldsPerRecord, r.TrimLeadingSpace = -1, true
	all, err := r.ReadAll()
	if err != nil {
		return nil, fault.Field("lines", "notify.import.unreadable").Because(fmt.Errorf("read the lines: %w", err))
	}
	var wrong fault.Problems
	var list []addressRow
	problems := 0
	for _, cells := range all {
		line := addressRow{line: len(list) + 1}
		for len(cells) < 3 {
			cells = append(cells, "")
		}
		line.phone = identity.Unguard(strings.TrimSpace(cells[0]))
		line.channel = channelNamed(strings.TrimSpace(cells[1]))
		line.address = identity.Unguard(strings.TrimSpace(cells[2]))
		list = append(list, line)
		if line.phone == "" || line.channel == "" || !goodAddress(line.address) || len(cells) > 3 {
			if problems++; problems <= problemsAtMost {
				wrong.Add("lines", "notify.import.bad-line", "line", line.line)
			}
		}
	}
	wrong.Check(len(list) > 0, "lines", "notify.import.empty")
	wrong.Check(len(list) <= linesAtMost, "lines", "notify.import.long", "max", linesAtMost)
	return list, wrong.Err()
}

// channelNamed reads the name of a platform, "" for none.
func channelNamed(word string) string {
	switch strings.ToLower(word) {
	case ByWeCom, "企业微信", "政务微信":
		return ByWeCom
	case ByDingTalk, "钉钉":
		return ByDingTalk
	case ByFeishu, "飞书":
		return ByFeishu
	default:
		return ""
	}
}
