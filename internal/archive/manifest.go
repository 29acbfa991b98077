package archive

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"crypto/sha256"

	"tongxin/internal/seal"
	"tongxin/internal/store"
)

// Names of the members that every file has.
const (
	manifestName  = "manifest.json"
	signatureName = "signature.json"
	metadataName  = "metadata.xml"
	processName   = "process.json"
	reportJSON    = "report.json"
	reportHTML    = "report.html"
)

// format names the layout of the file; it changes with the layout.
const format = "tongxin-archive/1"

// signedAs is the word with which the signed content begins, so that no other
// signature of the installation can stand for this one.
const signedAs = "tongxin.archive.manifest\n"

// Manifest lists every member of a file but itself and its signature.
type Manifest struct {
	Format        string     `json:"format"`
	ArchiveNumber string     `json:"archive_number"`
	Edition       int64      `json:"edition"`
	Committee     string     `json:"committee"`
	CommitteeID   string     `json:"committee_id"`
	Kind          string     `json:"kind"`
	CaseID        string     `json:"case_id"`
	Reference     string     `json:"reference"`
	Title         string     `json:"title"`
	Retention     string     `json:"retention"`
	At            store.Time `json:"at"`
	Members       []Member   `json:"members"` // by name
}

// signature is the detached signature of the manifest, with the key that checks
// it. The key says who signed only when its fingerprint is known from elsewhere.
type signature struct {
	Suite  string `json:"suite"`
	Key    string `json:"key"`
	Value  string `json:"value"` // base64
	Public string `json:"public_key"`
}

func (m Manifest) bytes() ([]byte, error) { return pretty(m) }

// pretty is the one form in which JSON stands in a file.
func pretty(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("write a member: %w", err)
	}
	return b.Bytes(), nil
}

// sign signs the bytes of a manifest.
func sign(k *seal.Keeper, manifest []byte) (signature, []byte, error) {
	s, err := k.Sign(append([]byte(signedAs), manifest...))
	if err != nil {
		return signature{}, nil, err
	}
	for _, p := range k.PublicKeys() {
		if p.KeyID == s.KeyID {
			out := signature{string(s.Suite), s.KeyID, base64.StdEncoding.EncodeToString(s.Value), base64.StdEncoding.EncodeToString(p.Key)}
			b, err := pretty(out)
			return out, b, err
		}
	}
	return signature{}, nil, fmt.Errorf("sign a manifest: key %s has no public half", s.KeyID)
}

// public is the key inside a signature.
func (s signature) public() (seal.PublicKey, error) {
	raw, err := base64.StdEncoding.DecodeString(s.Public)
	return seal.PublicKey{Suite: seal.Suite(s.Suite), KeyID: s.Key, Key: raw}, err
}

// holds checks the signature with a key.
func (s signature) holds(k seal.PublicKey, manifest []byte) bool {
	value, err := base64.StdEncoding.DecodeString(s.Value)
	return err == nil && k.Verify(append([]byte(signedAs), manifest...), seal.Signature{Suite: seal.Suite(s.Suite), KeyID: s.Key, Value: value}) == nil
}

// Fingerprint is a public key as people compare it: the SHA-256 of its bytes in
// groups of four digits.
func Fingerprint(k seal.PublicKey) string {
	sum := sha256.Sum256(k.Key)
	digits := hex.EncodeToString(sum[:])
	var groups []string
	for i := 0; i < len(digits); i += 4 {
		groups = append(groups, digits[i:i+4])
	}
	return strings.Join(groups, " ")
}
