package notify

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/seal"
)

// AddressIn is one's own name at a platform; "" takes it away.
type AddressIn struct {
	Channel string `json:"channel"` // wecom, dingtalk, feishu
	Address string `json:"address"`
}

// SetAddress keeps one's own name at WeCom, DingTalk or Feishu.
var SetAddress = app.Define("notify.set-address",
	func(c *app.Call, _ AddressIn) (reader, error) { return reader{c.Who().PersonID}, nil },
	mayOwn,
	func(c *app.Call, r reader, in AddressIn) (struct{}, error) {
		if !slices.Contains(platforms(), in.Channel) {
			return struct{}{}, fault.New(fault.NotFound, "fault.not-found")
		}
		in.Address = strings.TrimSpace(in.Address)
		if in.Address != "" && !goodAddress(in.Address) {
			return struct{}{}, fault.Field("address", "notify.address.bad")
		}
		c.Detail(map[string]any{"channel": in.Channel, "set": in.Address != ""}) // never the name
		return struct{}{}, keepAddress(c, r.personID, in.Channel, in.Address)
	}).Unkept()

var addressForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$`)

// goodAddress: a name of one person. The platforms take @all, all and lists for
// everybody, which must never be reached by somebody's own page.
func goodAddress(a string) bool {
	return addressForm.MatchString(a) && !strings.EqualFold(a, "all") && !strings.EqualFold(a, "everyone")
}

// keepAddress writes the name of a person of the actor's committee; "" takes
// it away.
func keepAddress(c *app.Call, personID, channel, address string) error {
	if address == "" {
		_, err := c.Tx().Exec(c.Ctx(), "DELETE FROM notice_address WHERE person_id = ? AND channel = ?", personID, channel)
		if err != nil {
			return fmt.Errorf("forget how %s is reached by %s: %w", personID, channel, err)
		}
		return nil
	}
	sealed, err := app.Part[*seal.Keeper](&c.Look).Seal(address, addressPlace(personID, channel))
	if err != nil {
		return fmt.Errorf("seal how %s is reached by %s: %w", personID, channel, err)
	}
	_, err = c.Tx().Exec(c.Ctx(), `INSERT INTO notice_address (person_id, channel, committee_id, address_sealed, changed_at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (person_id, channel) DO UPDATE SET address_sealed = excluded.address_sealed, changed_at = excluded.changed_at`,
		personID, channel, c.Who().CommitteeID, sealed, c.Now())
	if err != nil {
		return fmt.Errorf("keep how %s is reached by %s: %w", personID, channel, err)
	}
	return nil
}
