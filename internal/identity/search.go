package identity

import (
	"encoding/base64"
	"strings"

	"tongxin/internal/seal"
	"tongxin/internal/store"
)

// Matching is the condition under which a row of person, known as p, is what
// somebody typed: a part of the name, the start of its pinyin, or its initials.
func Matching(typed string) store.Fragment {
	typed = seal.Normalize(CleanName(typed))
	if typed == "" {
		return store.Fragment{}
	}
	like := likeText(typed)
	flat := likeText(strings.ReplaceAll(typed, " ", ""))
	return store.F(`p.name LIKE ? ESCAPE '\' OR REPLACE(p.pinyin, ' ', '') LIKE ? ESCAPE '\' OR p.initials LIKE ? ESCAPE '\'`,
		"%"+like+"%", flat+"%", flat+"%")
}

func likeText(typed string) string {
	return strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(typed)
}

// Cursor is the place in a list sorted by pinyin and id after which the next
// page begins.
func Cursor(pinyin, id string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(pinyin + "\x00" + id))
}

// After is the condition of the page after a cursor; a cursor that nobody was
// given is as none.
func After(cursor string) store.Fragment {
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	pinyin, id, ok := strings.Cut(string(b), "\x00")
	if err != nil || !ok || strings.ContainsRune(id, 0) || strings.ToValidUTF8(string(b), "") != string(b) {
		return store.Fragment{}
	}
	return store.F("(p.pinyin, p.id) > (?, ?)", pinyin, id)
}
