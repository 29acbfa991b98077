package proposal

import (
	"encoding/json"
	"fmt"

	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/id"
)

// KeyConsultIn records a consultation about the shortlist.
type KeyConsultIn struct {
	Session          string       `json:"session"`
	Version          int64        `json:"version,omitempty"`
	HeldOn           string       `json:"held_on"`
	People           string       `json:"people"`
	PartyDesk        string       `json:"party_desk,omitempty"`
	GovernmentDesk   string       `json:"government_desk,omitempty"`
	PartyOffice      string       `json:"party_office,omitempty"`
	GovernmentOffice string       `json:"government_office,omitempty"`
	Rows             []KeyVerdict `json:"rows"`
}

// KeyConsult records a consultation (协商会): who was there, what the
// supervision offices and the offices of Party and government said, and which
// candidates are kept or dropped. There may be several.
var KeyConsult = app.Define("key.consult", func(c *app.Call, in KeyConsultIn) (*KeySelection, error) {
	return claimSelection(c, in.Session)
}, selects, keyConsult)

func keyConsult(c *app.Call, s *KeySelection, in KeyConsultIn) (KeySelected, error) {
	if err := s.standsAt(KeyConsulting, in.Version); err != nil {
		return KeySelected{}, err
	}
	var p fault.Problems
	x := KeyConsultation{ID: id.New(), HeldOn: pastDay(&c.Look, &p, "held_on", in.HeldOn), People: said(&p, "people", in.People, true, keyShort),
		PartyDesk: said(&p, "party_desk", in.PartyDesk, false, keyShort), GovernmentDesk: said(&p, "government_desk", in.GovernmentDesk, false, keyShort),
		PartyOffice: said(&p, "party_office", in.PartyOffice, false, keyShort), GovernmentOffice: said(&p, "government_office", in.GovernmentOffice, false, keyShort),
		Verdicts: []KeyVerdict{}}
	if err := s.judge(&p, &x, in.Rows); err != nil {
		return KeySelected{}, err
	}
	p.Check(len(x.Verdicts) > 0, "rows", "proposal.key.consult.none")
	if err := p.Err(); err != nil {
		return KeySelected{}, err
	}
	verdicts, err := json.Marshal(x.Verdicts)
	if err != nil {
		return KeySelected{}, fmt.Errorf("keep consultation %s: %w", x.ID, err)
	}
	_, err = c.Tx().Exec(c.Ctx(), `INSERT INTO key_consultation (id, committee_id, selection_id, held_on, people, party_desk, government_desk, party_office, government_office, verdicts, person_id, at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, x.ID, s.CommitteeID, s.ID, x.HeldOn, x.People, x.PartyDesk, x.GovernmentDesk, x.PartyOffice, x.GovernmentOffice,
		string(verdicts), c.Who().PersonID, c.Now())
	if err != nil {
		return KeySelected{}, fmt.Errorf("keep consultation %s: %w", x.ID, err)
	}
	if err := s.keep(c); err != nil {
		return KeySelected{}, err
	}
	c.Detail(map[string]any{"consultation": x.ID, "held_on": x.HeldOn, "spoken_about": len(x.Verdicts), "kept": len(s.in(KeyKept))})
	return selected(s), nil
}

// judge moves the candidates that were spoken about.
func (s *KeySelection) judge(p *fault.Problems, to *KeyConsultation, rows []KeyVerdict) error {
	for i, r := range rows {
		field := fmt.Sprintf("rows.%d.", i)
		x := s.candidate(r.Candidate)
		verdict := KeyState(r.Verdict)
		switch {
		case r.Verdict == "":
			continue
		case x == nil:
			p.Add(field+"verdict", "proposal.key.candidate-unknown")
			continue
		case verdict != KeyKept && verdict != KeyDropped:
			p.Add(field+"verdict", "proposal.review.not-offered")
			continue
		}
		x.Reason = said(p, field+"reason", r.Reason, verdict == KeyDropped, keyShort)
		if x.State != verdict {
			if err := x.State.move(verdict); err != nil {
				return err
			}
		}
		to.Verdicts = append(to.Verdicts, KeyVerdict{x.ID, r.Verdict, x.Reason})
	}
	return nil
}
