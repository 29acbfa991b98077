package organization

import (
	"errors"
	"fmt"

	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/store"
)

// BodyKind says what a body is.
type BodyKind string

// The kinds of bodies.
const (
	CommitteeBody         BodyKind = "committee"              // the committee itself and its offices
	Sector                BodyKind = "sector"                 // 界别
	Party                 BodyKind = "party"                  // 民主党派, 工商联
	PeoplesOrganization   BodyKind = "peoples_organization"   // 人民团体
	SpecialCommittee      BodyKind = "special_committee"      // 专委会
	Group                 BodyKind = "group"                  // 小组
	Unit                  BodyKind = "unit"                   // 承办单位
	SupervisionParty      BodyKind = "supervision_party"      // 市委督查室
	SupervisionGovernment BodyKind = "supervision_government" // 市政府督查室
)

// BodyKinds lists the kinds in the order of the set-up page.
func BodyKinds() []BodyKind {
	return []BodyKind{CommitteeBody, Sector, Party, PeoplesOrganization, SpecialCommittee, Group, Unit, SupervisionParty, SupervisionGovernment}
}

// Channels by which a unit gets its cases (交办渠道).
const (
	ByParty      = "party"      // through the Party's supervision office
	ByGovernment = "government" // through the government's supervision office
	Direct       = "direct"     // from the committee itself
)

// Body is one of them.
type Body struct {
	ID        string   `json:"id"`
	Kind      BodyKind `json:"kind"`
	Name      string   `json:"name"`
	ShortName string   `json:"short_name"`
	Channel   string   `json:"channel"` // of units
	Sort      int64    `json:"sort"`
	ValidFrom string   `json:"valid_from"`
	ValidTo   string   `json:"valid_to"` // "" while it exists
	Version   int64    `json:"version"`
}

const bodyColumns = "id, kind, name, short_name, channel, sort, valid_from, COALESCE(valid_to, ''), version"

func scanBody(r store.Row, b *Body) error {
	return r.Scan(&b.ID, &b.Kind, &b.Name, &b.ShortName, &b.Channel, &b.Sort, &b.ValidFrom, &b.ValidTo, &b.Version)
}

// Bodies lists the bodies of some kinds that exist, in their order.
func Bodies(l *app.Look, kinds ...BodyKind) ([]Body, error) {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = string(k)
	}
	q := store.Join(store.F("SELECT "+bodyColumns+" FROM body WHERE"),
		store.And(store.F("committee_id = ?", l.Who().CommitteeID), store.In("kind", names...), store.F("valid_to IS NULL")),
		store.F("ORDER BY kind, sort, id"))
	list, err := store.List(l.Ctx(), l.Tx(), scanBody, q.SQL, q.Args...)
	if err != nil {
		return nil, fmt.Errorf("list bodies: %w", err)
	}
	return list, nil
}

// BodyOf reads one body of the actor's committee; fault.NotFound without one.
func BodyOf(l *app.Look, id string) (Body, error) {
	var b Body
	err := scanBody(l.Tx().Row(l.Ctx(), "SELECT "+bodyColumns+" FROM body WHERE committee_id = ? AND id = ?", l.Who().CommitteeID, id), &b)
	if errors.Is(err, store.ErrNone) {
		return b, fault.New(fault.NotFound, "fault.not-found")
	}
	if err != nil {
		return b, fmt.Errorf("read body %s: %w", id, err)
	}
	return b, nil
}
