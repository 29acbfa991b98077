package clock

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Instant is a point in time as the database keeps it: UTC milliseconds since
// 1970 in a BIGINT column, NULL for the zero Instant. In JSON it is an RFC 3339
// text in Beijing time with its offset, or null.
type Instant struct{ time.Time }

// Beijing is the civil time of every committee (UTC+8, no summer time).
var Beijing = time.FixedZone("Asia/Shanghai", 8*60*60)

// InstantOf cuts t to the milliseconds that the database keeps.
func InstantOf(t time.Time) Instant {
	if t.IsZero() {
		return Instant{}
	}
	return Instant{time.UnixMilli(t.UnixMilli()).In(Beijing)}
}

// Value is what the database keeps.
func (i Instant) Value() (driver.Value, error) {
	if i.IsZero() {
		return nil, nil
	}
	return i.UnixMilli(), nil
}

// Scan reads what the database keeps.
func (i *Instant) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*i = Instant{}
	case int64:
		*i = Instant{time.UnixMilli(v).In(Beijing)}
	default:
		return fmt.Errorf("read an instant: %T is not milliseconds", v)
	}
	return nil
}

// MarshalJSON writes RFC 3339 with the Beijing offset, or null.
func (i Instant) MarshalJSON() ([]byte, error) {
	if i.IsZero() {
		return []byte("null"), nil
	}
	return i.In(Beijing).AppendFormat([]byte(`"`), `2006-01-02T15:04:05.000Z07:00"`), nil
}

// UnmarshalJSON reads RFC 3339, or null.
func (i *Instant) UnmarshalJSON(b []byte) error {
	if string(b) == "null" || string(b) == `""` {
		*i = Instant{}
		return nil
	}
	var t time.Time
	if err := t.UnmarshalJSON(b); err != nil {
		return fmt.Errorf("read an instant: %w", err)
	}
	*i = InstantOf(t)
	return nil
}

// UnmarshalText reads RFC 3339 or the value of a datetime-local form field,
// which is Beijing time.
func (i *Instant) UnmarshalText(b []byte) error {
	s := string(b)
	if s == "" {
		*i = Instant{}
		return nil
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02"} {
		if t, err := time.ParseInLocation(layout, s, Beijing); err == nil {
			*i = InstantOf(t)
			return nil
		}
	}
	return fmt.Errorf("read an instant: %q is not a time", s)
}
