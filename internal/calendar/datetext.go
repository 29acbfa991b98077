package calendar

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"time"
)

// ErrDate answers a text that is no day of the calendar.
var ErrDate = errors.New("not a date of the form 2006-01-02")

const textLength = len("2006-01-02")

// ParseDate reads a day as 2006-01-02 and nothing else; anything else, the
// empty text too, answers [ErrDate].
func ParseDate(text string) (Date, error) {
	if len(text) != textLength || text[4] != '-' || text[7] != '-' {
		return Date{}, ErrDate
	}
	year, ok1 := digits(text[0:4])
	month, ok2 := digits(text[5:7])
	day, ok3 := digits(text[8:10])
	if !ok1 || !ok2 || !ok3 {
		return Date{}, ErrDate
	}
	return NewDate(year, time.Month(month), day)
}

// MustParseDate reads a day written in the source; it panics when it is none.
func MustParseDate(text string) Date {
	d, err := ParseDate(text)
	if err != nil {
		panic(fmt.Sprintf("calendar: %q: %v", text, err))
	}
	return d
}

func digits(text string) (n int, ok bool) {
	for _, c := range []byte(text) {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}

// String writes the day as 2006-01-02; "" for no date.
func (d Date) String() string {
	text, _ := d.AppendText(nil)
	return string(text)
}

// AppendText appends what String writes; it never fails.
func (d Date) AppendText(b []byte) ([]byte, error) {
	if d.IsZero() {
		return b, nil
	}
	return d.Start(time.UTC).AppendFormat(b, time.DateOnly), nil
}

// MarshalText writes the day for JSON, forms and addresses.
func (d Date) MarshalText() ([]byte, error) {
	return d.AppendText(make([]byte, 0, textLength))
}

// UnmarshalText reads what MarshalText wrote; the empty text is no date.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	parsed, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// Value keeps the day as text, no date as NULL.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return d.String(), nil
}

// Scan reads a text column; NULL and the empty text are no date.
func (d *Date) Scan(column any) error {
	switch v := column.(type) {
	case nil:
		*d = Date{}
		return nil
	case string:
		return d.UnmarshalText([]byte(v))
	case []byte:
		return d.UnmarshalText(v)
	default:
		return fmt.Errorf("scan date: column is %T, not text", column)
	}
}
