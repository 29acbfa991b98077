package profile

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/store"
)

// ChangeIn is one section of the rules as it shall be, with the reason. Only
// the part named by Section is read, and all of it: what is left out is empty.
type ChangeIn struct {
	Section Section `json:"section"`
	Version int64   `json:"version"` // the version the form showed
	Reason  string  `json:"reason"`
	// Default puts the section back to the rules the product came with; entries
	// that were added stay, switched off.
	Default bool `json:"default"`

	Texts       TextsIn          `json:"texts"`
	Filing      FilingIn         `json:"filing"`
	Categories  []EntryIn        `json:"categories"`
	Review      ReviewIn         `json:"review"`
	Reasons     ReasonsIn        `json:"reasons"`
	Deadlines   DeadlinesIn      `json:"deadlines"`
	Objection   ObjectionRules   `json:"objection"`
	Extension   ExtensionRules   `json:"extension"`
	Together    TogetherRules    `json:"together"`
	Contact     ContactIn        `json:"contact"`
	Classes     ClassesIn        `json:"classes"`
	Reading     ReadingRules     `json:"reading"`
	Rating      RatingIn         `json:"rating"`
	Again       AgainRules       `json:"again"`
	Reminders   RemindersIn      `json:"reminders"`
	Supervision SupervisionRules `json:"supervision"`
	Promise     PromiseRules     `json:"promise"`
	Key         KeyIn            `json:"key"`
	Notices     NoticeRules      `json:"notices"`
	Archive     ArchiveIn        `json:"archive"`
}

// ChangeOut names the version that is now in force and what changed.
type ChangeOut struct {
	Section Section  `json:"section"`
	Version int64    `json:"version"`
	Changes []Change `json:"changes"`
}

// Changed tells that a new version of the rules is in force (profile.changed).
type Changed struct {
	Version int64   `json:"version"`
	Section Section `json:"section"`
}

// FactName is the fact's name.
func (Changed) FactName() string { return "profile.changed" }

// book is the committee's rules as an act looks at them.
type book struct {
	committee string
	rules     *Rules
	version   int64
}

// Object names the rules in the audit record.
func (b *book) Object() (kind, id string) { return "profile", b.committee }

// ChangeRules makes a new version of the rules with one section changed (修改规则).
var ChangeRules = app.Define("profile.change", loadBook, mayChange, change)

func loadBook(c *app.Call, _ ChangeIn) (*book, error) {
	r, v, err := Current(&c.Look)
	return &book{committee: c.Who().CommitteeID, rules: r, version: v}, err
}

// mayChange: the rules are business of the committee's chief; the system
// administrator sets them up together with the rest of the committee.
func mayChange(who access.Actor, b *book) access.Verdict {
	if who.CommitteeID == "" || who.CommitteeID != b.committee {
		return access.Hide()
	}
	return access.When(who.Is(access.Chief, access.SystemAdmin), "profile.not-yours")
}

const reasonMax = 200

func change(c *app.Call, b *book, in ChangeIn) (ChangeOut, error) {
	if !slices.Contains(Sections(), in.Section) {
		return ChangeOut{}, fault.New(fault.NotFound, "fault.not-found")
	}
	if in.Version != b.version {
		return ChangeOut{}, fault.New(fault.Stale, "fault.stale")
	}
	next, err := clone(b.rules)
	if err != nil {
		return ChangeOut{}, err
	}
	var p fault.Problems
	if in.Default {
		restore(next, in.Section)
	} else {
		in.apply(next, &p)
	}
	in.Reason = strings.TrimSpace(in.Reason)
	p.Check(in.Reason != "", "reason", "profile.reason.missing")
	p.Check(utf8.RuneCountInString(in.Reason) <= reasonMax, "reason", "profile.reason.long", "max", reasonMax)
	if err := p.Err(); err != nil {
		return ChangeOut{}, err
	}
	out := ChangeOut{Section: in.Section, Version: b.version + 1, Changes: Diff(b.rules, next)}
	if len(out.Changes) == 0 {
		return ChangeOut{}, fault.New(fault.Invalid, "profile.nothing-changed")
	}
	if err := insert(c, out.Version, in.Reason, next); err != nil {
		return ChangeOut{}, err
	}
	c.Detail(map[string]any{"section": in.Section, "version": out.Version, "changes": out.Changes})
	return out, c.Record(Changed{out.Version, in.Section}, "profile", b.committee)
}

func insert(c *app.Call, version int64, reason string, r *Rules) error {
	text, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("write rules %d: %w", version, err)
	}
	_, err = c.Tx().Exec(c.Ctx(), "INSERT INTO profile_version (committee_id, version, at, person_id, person_name, reason, rules) VALUES (?, ?, ?, ?, ?, ?, ?)",
		c.Who().CommitteeID, version, c.Now(), c.Who().PersonID, c.Who().Name, reason, string(text))
	if errors.Is(err, store.ErrUnique) {
		return fault.New(fault.Stale, "fault.stale").Because(err)
	}
	if err != nil {
		return fmt.Errorf("write rules %d: %w", version, err)
	}
	return nil
}

// clone copies rules, so that the version in force is never touched.
func clone(r *Rules) (*Rules, error) {
	text, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("copy rules: %w", err)
	}
	var n Rules
	if err := json.Unmarshal(text, &n); err != nil {
		return nil, fmt.Errorf("copy rules: %w", err)
	}
	return &n, nil
}
