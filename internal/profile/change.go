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
	"tongxin/internal/calendar"
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

	Texts      TextsIn     `json:"texts"`
	Filing     FilingIn    `json:"filing"`
	Categories []EntryIn   `json:"categories"`
	Review     ReviewIn    `json:"review"`
	Reasons    ReasonsIn   `json:"reasons"`
	Deadlines  DeadlinesIn `json:"deadlines"`
	Classes    ClassesIn   `json:"classes"`
	Contact    ContactIn   `json:"contact"`
	Rating     RatingIn    `json:"rating"`
	Reminders  RemindersIn `json:"reminders"`
}

// EntryIn is one entry of a list. An entry without words is left out; a new
// one may leave its code to us. Place orders the list, lowest
// first; 0 stands last.
type EntryIn struct {
	Code  string `json:"code"`
	Name  string `json:"name"`
	Off   bool   `json:"off"`
	Place int    `json:"place"`
}

// TextsIn is the section of a proposal's text.
type TextsIn struct {
	BodyMode            BodyMode `json:"body_mode"`
	TitleMax            int      `json:"title_max"`
	BodyMin             int      `json:"body_min"`
	BodyMax             int      `json:"body_max"`
	BasisRequired       bool     `json:"basis_required"`
	ItemsMin            int      `json:"items_min"`
	ItemsMax            int      `json:"items_max"`
	AttachmentsMax      int      `json:"attachments_max"`
	AttachmentMegabytes int      `json:"attachment_megabytes"`
}

// FilingIn is the section of windows and numbers.
type FilingIn struct {
	NumberWidth   int  `json:"number_width"`
	SectorAnytime bool `json:"sector_anytime"`
	CollectMonths int  `json:"collect_months"`
}

// ReviewIn is the section of review.
type ReviewIn struct {
	Levels         []string `json:"levels"`
	ConfirmAmended bool     `json:"confirm_amended"`
}

// ReasonsIn is the section of reasons.
type ReasonsIn struct {
	NotFiled []EntryIn `json:"not_filed"`
	Return   []EntryIn `json:"return"`
}

// DeadlinesIn is the section of deadlines.
type DeadlinesIn struct {
	ReviewDue          calendar.Rule `json:"review_due"`
	SignWorkdays       int           `json:"sign_workdays"`
	ContactWorkdays    int           `json:"contact_workdays"`
	AssistDue          calendar.Rule `json:"assist_due"`
	ReplyDue           calendar.Rule `json:"reply_due"`
	ReplyDueIntersess  calendar.Rule `json:"reply_due_intersession"`
	CollectiveDiffers  bool          `json:"collective_differs"`
	ReplyDueCollective calendar.Rule `json:"reply_due_collective"`
	RateWorkdays       int           `json:"rate_workdays"`
}

// ClassesIn is the section of results.
type ClassesIn struct {
	Classes      []EntryIn `json:"classes"`
	ItemOutcomes []EntryIn `json:"item_outcomes"`
	Publicity    []EntryIn `json:"publicity"`
}

// ContactIn is the section of contacts.
type ContactIn struct {
	Forms      []EntryIn `json:"forms"`
	FaceToFace []string  `json:"face_to_face"`
	Required   bool      `json:"required"`
}

// RatingIn is the section of rating and closing.
type RatingIn struct {
	Raters  string    `json:"raters"`
	Closing string    `json:"closing"`
	Grades  []EntryIn `json:"grades"`
}

// RemindersIn is the section of reminders.
type RemindersIn struct {
	Days []int `json:"days"` // working days before (+) and after (-) the due date
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
