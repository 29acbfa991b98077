package appraisal

import (
	"errors"
	"strconv"
	"strings"
)

// Decimal is a number with two decimals, kept in hundredths: points, percent,
// days. In JSON and forms it is a text such as "6.5".
type Decimal int64

// one is 1 as a Decimal.
const one Decimal = 100

// decimalAtMost bounds what people type, as a Decimal.
const decimalAtMost = 1_000_000 * one

// ErrDecimal says that a text is no number with at most two decimals.
var ErrDecimal = errors.New("no number with at most two decimals")

// Whole is a whole number as a Decimal.
func Whole(n int64) Decimal { return Decimal(n) * one }

// ParseDecimal reads "6", "6.5" or "-0.25"; a long minus sign serves too.
func ParseDecimal(text string) (Decimal, error) {
	text = strings.NewReplacer("−", "-", "－", "-", "．", ".", "＋", "+").Replace(strings.TrimSpace(text))
	sign := Decimal(1)
	switch {
	case strings.HasPrefix(text, "-"):
		sign, text = -1, text[1:]
	case strings.HasPrefix(text, "+"):
		text = text[1:]
	}
	whole, part, dotted := strings.Cut(text, ".")
	if whole == "" || dotted && part == "" || len(part) > 2 || !digits(whole) || !digits(part) {
		return 0, ErrDecimal
	}
	part += "00"[len(part):]
	n, err := strconv.ParseInt(whole+part, 10, 64)
	if err != nil || Decimal(n) > decimalAtMost {
		return 0, ErrDecimal
	}
	return sign * Decimal(n), nil
}

func digits(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return true
}

// String writes it without needless zeros: 6, 6.5, -0.25.
func (d Decimal) String() string {
	sign := ""
	if d < 0 {
		sign, d = "-", -d
	}
	s := strconv.FormatInt(int64(d/one), 10)
	switch part := int64(d % one); {
	case part == 0:
	case part%10 == 0:
		s += "." + strconv.FormatInt(part/10, 10)
	case part < 10:
		s += ".0" + strconv.FormatInt(part, 10)
	default:
		s += "." + strconv.FormatInt(part, 10)
	}
	return sign + s
}

// Signed is String with a plus before what is added.
func (d Decimal) Signed() string {
	if d > 0 {
		return "+" + d.String()
	}
	return d.String()
}

// MarshalText is String.
func (d Decimal) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText is ParseDecimal.
func (d *Decimal) UnmarshalText(b []byte) error {
	n, err := ParseDecimal(string(b))
	if err != nil {
		return err
	}
	*d = n
	return nil
}

// quotient is a·b/c, rounded half away from zero; c is not 0.
func quotient(a, b, c int64) Decimal {
	n := a * b
	if c < 0 {
		n, c = -n, -c
	}
	if n < 0 {
		return -Decimal((-n + c/2) / c)
	}
	return Decimal((n + c/2) / c)
}
