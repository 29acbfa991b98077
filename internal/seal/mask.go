package seal

import "strings"

// hidden stands for what is masked; its length says nothing about the original.
const hidden = "****"

// MaskPhone shows the first three and the last four digits of a phone number:
// "13812345678" becomes "138****5678". A number of 7 to 10 signs shows its last
// two only, a shorter one nothing. Empty stays empty.
func MaskPhone(phone string) string {
	r := []rune(strings.TrimSpace(phone))
	switch n := len(r); {
	case n == 0:
		return ""
	case n >= 11:
		return maskMiddle(r, 3, 4)
	case n >= 7:
		return maskMiddle(r, 0, 2)
	}
	return hidden
}

// MaskID shows the first four and the last two signs of an identity document's
// number, which hides the birthday and the running number. A number of fewer than 12 signs
// shows nothing but its last two, of fewer than 6 nothing. Empty stays empty.
func MaskID(number string) string {
	r := []rune(strings.TrimSpace(number))
	switch n := len(r); {
	case n == 0:
		return ""
	case n >= 12:
		return maskMiddle(r, 4, 2)
	case n >= 6:
		return maskMiddle(r, 0, 2)
	}
	return hidden
}

// MaskText shows the first sign of a name or an address and hides the rest:
// "张三" becomes "张**". A single sign is hidden too. Empty stays empty.
func MaskText(text string) string {
	r := []rune(strings.TrimSpace(text))
	switch len(r) {
	case 0:
		return ""
	case 1:
		return "**"
	}
	return string(r[0]) + "**"
}

func maskMiddle(r []rune, first, last int) string {
	return string(r[:first]) + hidden + string(r[len(r)-last:])
}
