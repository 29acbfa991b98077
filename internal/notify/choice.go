package notify

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/identity"
	"tongxin/internal/profile"
	"tongxin/internal/seal"
	"tongxin/internal/store"
)

// What somebody chose about quiet hours.
const (
	QuietAsCommittee = "committee"
	QuietOwn         = "own"
	QuietNone        = "none"
)

// choice is how somebody wants to be told.
type choice struct {
	levels map[string]string
	digest bool
	quiet  string
	own    [2]string
}

// level is what somebody wants to be told on a channel.
func (c choice) level(channel string) string {
	if l := c.levels[channel]; l != "" {
		return l
	}
	return defaultLevel(channel)
}

// windows are the quiet hours that hold for the person: those of the
// committee, and within them his own.
func (c choice) windows(rules profile.NoticeRules) []window {
	whole := windowOf(rules.QuietFrom, rules.QuietTo)
	switch c.quiet {
	case QuietNone:
		return nil
	case QuietOwn:
		return []window{whole, windowOf(c.own[0], c.own[1])}
	default:
		return []window{whole}
	}
}

func choiceOf(l *app.Look, personID string) (choice, error) {
	c := choice{levels: map[string]string{}, quiet: QuietAsCommittee}
	var levels, quiet string
	err := l.Tx().Row(l.Ctx(), "SELECT levels, digest, quiet, quiet_from, quiet_to FROM notice_choice WHERE person_id = ?", personID).
		Scan(&levels, &c.digest, &quiet, &c.own[0], &c.own[1])
	if errors.Is(err, store.ErrNone) {
		return c, nil
	}
	if err != nil {
		return c, fmt.Errorf("read how %s wants to be told: %w", personID, err)
	}
	if quiet != "" {
		c.quiet = quiet
	}
	return c, json.Unmarshal([]byte(levels), &c.levels)
}

// addressesOf are the addresses of a person of the actor's committee by
// channel, in clear, and his language.
func addressesOf(l *app.Look, personID string) (map[string]string, identity.Reach, error) {
	reach, err := identity.ReachOf(l, personID)
	if err != nil {
		return nil, reach, err
	}
	type row struct{ channel, sealed string }
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, x *row) error { return r.Scan(&x.channel, &x.sealed) },
		"SELECT channel, address_sealed FROM notice_address WHERE person_id = ? AND committee_id = ?", personID, l.Who().CommitteeID)
	if err != nil {
		return nil, reach, fmt.Errorf("find how to reach %s: %w", personID, err)
	}
	out := map[string]string{ByMail: reach.Mail, BySMS: mobile(reach.Phone)}
	for _, x := range list {
		if out[x.channel], err = app.Part[*seal.Keeper](l).Open(x.sealed, addressPlace(personID, x.channel)); err != nil {
			return nil, reach, fmt.Errorf("find how to reach %s by %s: %w", personID, x.channel, err)
		}
	}
	return out, reach, nil
}

// addressPlace is what an address is sealed for.
func addressPlace(personID, channel string) string {
	return "notice_address.address/" + personID + "/" + channel
}

// ChoiceOut is one's own page of notices.
type ChoiceOut struct {
	Channels  []ChannelChoice `json:"channels"` // those that the installation has
	Digest    bool            `json:"digest"`
	DigestAt  string          `json:"digest_at"` // when the committee's digest goes out, 08:00
	Quiet     string          `json:"quiet"`     // committee, own, none
	QuietFrom string          `json:"quiet_from"`
	QuietTo   string          `json:"quiet_to"`
	// The quiet hours of the committee, within which one's own lie.
	CommitteeFrom string `json:"committee_from"`
	CommitteeTo   string `json:"committee_to"`
}

// ChannelChoice is one channel on that page.
type ChannelChoice struct {
	Channel string `json:"channel"`
	Level   string `json:"level"`   // all, urgent, off
	Address string `json:"address"` // one's own; phone and mail are masked, they stand on the account page
	Kept    bool   `json:"kept"`    // the address is kept here and may be changed here
}

// Choice is how one is told oneself.
var Choice = app.Ask("notify.choice", own, func(l *app.Look, _ access.Scope, _ struct{}) (ChoiceOut, error) {
	var out ChoiceOut
	rules, _, err := profile.Current(l)
	if err != nil {
		return out, err
	}
	c, err := choiceOf(l, l.Who().PersonID)
	if err != nil {
		return out, err
	}
	addresses, _, err := addressesOf(l, l.Who().PersonID)
	if err != nil {
		return out, err
	}
	addresses[ByMail], addresses[BySMS] = seal.MaskText(addresses[ByMail]), seal.MaskPhone(addresses[BySMS])
	out = ChoiceOut{Digest: c.digest, DigestAt: rules.Notices.DigestAt, Quiet: c.quiet, QuietFrom: c.own[0], QuietTo: c.own[1],
		CommitteeFrom: rules.Notices.QuietFrom, CommitteeTo: rules.Notices.QuietTo}
	ways, _ := app.PartOf[*Channels](l.App())
	for _, name := range personal() {
		if ways.Has(name) {
			out.Channels = append(out.Channels, ChannelChoice{name, c.level(name), addresses[name], name != ByMail && name != BySMS})
		}
	}
	return out, nil
})

// ChooseIn is what somebody chooses. A level of "" stays as it is.
type ChooseIn struct {
	Mail      string `json:"mail"`
	SMS       string `json:"sms"`
	WeCom     string `json:"wecom"`
	DingTalk  string `json:"dingtalk"`
	Feishu    string `json:"feishu"`
	Digest    bool   `json:"digest"`
	Quiet     string `json:"quiet"`
	QuietFrom string `json:"quiet_from"`
	QuietTo   string `json:"quiet_to"`
}

// levels are those that were given.
func (in ChooseIn) levels() map[string]string {
	return map[string]string{ByMail: in.Mail, BySMS: in.SMS, ByWeCom: in.WeCom, ByDingTalk: in.DingTalk, ByFeishu: in.Feishu}
}

// Choose sets how one is told oneself (通知方式). A formal letter that must go by
// a channel goes by it all the same.
var Choose = app.Define("notify.choose",
	func(c *app.Call, _ ChooseIn) (reader, error) { return reader{c.Who().PersonID}, nil },
	mayOwn, choose)

// mayOwn: one's own, in any post.
func mayOwn(who access.Actor, r reader) access.Verdict {
	if !who.SignedIn() {
		return access.Deny("access.sign-in")
	}
	if who.Is(access.System) || r.personID != who.PersonID {
		return access.Hide()
	}
	return access.Allow()
}

func choose(c *app.Call, r reader, in ChooseIn) (struct{}, error) {
	rules, _, err := profile.Current(&c.Look)
	if err != nil {
		return struct{}{}, err
	}
	if err := in.check(rules.Notices); err != nil {
		return struct{}{}, err
	}
	old, err := choiceOf(&c.Look, r.personID)
	if err != nil {
		return struct{}{}, err
	}
	levels := maps.Clone(old.levels)
	for name, level := range in.levels() {
		if level != "" {
			levels[name] = level
		}
	}
	text, err := json.Marshal(levels)
	if err != nil {
		return struct{}{}, fmt.Errorf("keep what %s chose: %w", r.personID, err)
	}
	if in.Quiet != QuietOwn {
		in.QuietFrom, in.QuietTo = "", ""
	}
	c.Detail(map[string]any{"levels": levels, "digest": in.Digest, "quiet": in.Quiet})
	_, err = c.Tx().Exec(c.Ctx(), `INSERT INTO notice_choice (person_id, committee_id, levels, digest, quiet, quiet_from, quiet_to, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (person_id) DO UPDATE SET levels = excluded.levels, digest = excluded.digest, quiet = excluded.quiet,
		quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to, changed_at = excluded.changed_at`,
		r.personID, c.Who().CommitteeID, string(text), in.Digest, in.Quiet, in.QuietFrom, in.QuietTo, c.Now())
	if err != nil {
		return struct{}{}, fmt.Errorf("keep what %s chose: %w", r.personID, err)
	}
	return struct{}{}, nil
}

// check tells what is wrong with a choice.
func (in ChooseIn) check(rules profile.NoticeRules) error {
	var wrong fault.Problems
	for _, name := range personal() {
		switch in.levels()[name] {
		case "", All, UrgentOnly, Nothing:
		default:
			wrong.Add(name, "notify.choice.bad-level")
		}
	}
	switch in.Quiet {
	case QuietAsCommittee, QuietNone, "":
	case QuietOwn:
		_, okFrom := minuteOf(in.QuietFrom)
		_, okTo := minuteOf(in.QuietTo)
		wrong.Check(okFrom, "quiet_from", "notify.choice.bad-time")
		wrong.Check(okTo, "quiet_to", "notify.choice.bad-time")
		mine := windowOf(in.QuietFrom, in.QuietTo)
		if okFrom && okTo {
			wrong.Check(mine.length() > 0, "quiet_to", "notify.choice.same-time")
			wrong.Check(mine.within(windowOf(rules.QuietFrom, rules.QuietTo)), "quiet_from", "notify.choice.outside", "from", rules.QuietFrom, "to", rules.QuietTo)
		}
	default:
		wrong.Add("quiet", "notify.choice.bad-quiet")
	}
	return wrong.Err()
}
