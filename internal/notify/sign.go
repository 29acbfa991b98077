package notify

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// What we sign and what is signed for us follows the document "Standard
// Webhooks" 1.0.0 (standardwebhooks.com): HMAC-SHA256 over id, time and body,
// joined by dots, in three headers. The id is the same at each repetition.
const (
	headerID        = "webhook-id"
	headerTime      = "webhook-timestamp"
	headerSignature = "webhook-signature"
)

// Signed sets the three headers on a request with this body.
func Signed(h http.Header, key []byte, id string, at time.Time, body []byte) {
	stamp := strconv.FormatInt(at.Unix(), 10)
	h.Set(headerID, id)
	h.Set(headerTime, stamp)
	h.Set(headerSignature, "v1,"+base64.StdEncoding.EncodeToString(mac(key, id, stamp, body)))
}

// clocksApart is how far the clock of a sender may be from ours.
const clocksApart = 5 * time.Minute

// Genuine tells whether the headers of a request fit its body and key, and were
// made just now.
func Genuine(h http.Header, key []byte, now time.Time, body []byte) bool {
	id, stamp := h.Get(headerID), h.Get(headerTime)
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || len(key) == 0 || id == "" || now.Sub(time.Unix(seconds, 0)).Abs() > clocksApart {
		return false
	}
	want, found := mac(key, id, stamp, body), false
	for one := range strings.FieldsSeq(h.Get(headerSignature)) {
		text, ok := strings.CutPrefix(one, "v1,")
		got, err := base64.StdEncoding.DecodeString(text)
		if ok && err == nil && hmac.Equal(got, want) {
			found = true
		}
	}
	return found
}

func mac(key []byte, id, stamp string, body []byte) []byte {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(id + "." + stamp + "."))
	m.Write(body)
	return m.Sum(nil)
}

// KeyOf reads a shared secret as both sides write it down: whsec_ and base64,
// or any other text as it stands.
func KeyOf(text string) []byte {
	text = strings.TrimSpace(text)
	if rest, ok := strings.CutPrefix(text, "whsec_"); ok {
		if key, err := base64.StdEncoding.DecodeString(rest); err == nil {
			return key
		}
	}
	return []byte(text)
}
