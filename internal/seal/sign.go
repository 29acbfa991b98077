package seal

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"

	"github.com/emmansun/gmsm/sm2"
)

const (
	algEd25519 = "Ed25519"
	algSM2     = "SM2-SM3"
)

// ErrSignature reports a signature that does not fit the content.
var ErrSignature = errors.New("signature does not fit")

// Signature is a signature with what is needed to check it later.
type Signature struct {
	Suite Suite  `json:"suite"`
	KeyID string `json:"key"`
	Value []byte `json:"value"` // Ed25519: 64 bytes; SM2: ASN.1 of r and s
}

// String writes the signature as v1.<suite>.<key id>.<base64url>.
func (s Signature) String() string {
	return version + "." + string(s.Suite) + "." + s.KeyID + "." + text64().EncodeToString(s.Value)
}

// ParseSignature reads what String wrote; otherwise ErrMalformed.
func ParseSignature(text string) (Signature, error) {
	suite, id, value, err := split(text)
	if err != nil {
		return Signature{}, err
	}
	return Signature{Suite: Suite(suite), KeyID: id, Value: value}, nil
}

// Sign signs content with the current signing key. Begin the content with a word
// that says what is signed, so that no signature can stand for another thing.
func (k *Keeper) Sign(content []byte) (Signature, error) {
	with := k.current(Sign)
	value, err := with.signer.sign(content)
	if err != nil {
		return Signature{}, fmt.Errorf("sign with key %s: %w", with.ID, err)
	}
	return Signature{Suite: with.Suite, KeyID: with.ID, Value: value}, nil
}

// Verify checks a signature made by any signing key of the file. Errors:
// ErrUnknownKey, ErrSignature.
func (k *Keeper) Verify(content []byte, s Signature) error {
	with := k.find(s.KeyID, Sign)
	if with == nil {
		return ErrUnknownKey
	}
	return publicKey(with).Verify(content, s)
}

// PublicKey is what an auditor needs to check signatures without the key file.
type PublicKey struct {
	Suite Suite  `json:"suite"`
	KeyID string `json:"key"`
	Key   []byte `json:"value"` // Ed25519: 32 bytes; SM2: uncompressed point, 65 bytes
}

// PublicKey is the public half of the current signing key.
func (k *Keeper) PublicKey() PublicKey { return publicKey(k.current(Sign)) }

// PublicKeys are the public halves of all signing keys, oldest first.
func (k *Keeper) PublicKeys() []PublicKey {
	var list []PublicKey
	for _, with := range k.ring.Load().keys {
		if with.Purpose == Sign {
			list = append(list, publicKey(with))
		}
	}
	return list
}

func publicKey(with *key) PublicKey {
	return PublicKey{Suite: with.Suite, KeyID: with.ID, Key: with.signer.public()}
}

// Verify checks a signature against this key alone. Errors: ErrUnknownKey when
// the signature names another key, ErrSignature when it does not fit.
func (p PublicKey) Verify(content []byte, s Signature) error {
	if s.KeyID != p.KeyID || s.Suite != p.Suite {
		return ErrUnknownKey
	}
	if !p.fits(content, s.Value) {
		return ErrSignature
	}
	return nil
}

func (p PublicKey) fits(content, value []byte) bool {
	switch p.Suite {
	case Intl:
		return len(p.Key) == ed25519.PublicKeySize && ed25519.Verify(p.Key, content, value)
	case GM:
		pub, err := sm2.NewPublicKey(p.Key)
		return err == nil && sm2.VerifyASN1WithSM2(pub, nil, content, value)
	}
	return false
}

// PEM writes the key in the form other tools read ("BEGIN PUBLIC KEY"); empty
// when the key has the wrong size.
func (p PublicKey) PEM() string {
	// The DER before the key bytes is constant for each algorithm.
	prefix, size := "302a300506032b6570032100", ed25519.PublicKeySize
	if p.Suite == GM {
		prefix, size = "3059301306072a8648ce3d020106082a811ccf5501822d034200", 65
	}
	head, err := hex.DecodeString(prefix)
	if err != nil || len(p.Key) != size {
		return ""
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: append(head, p.Key...)}))
}

// signer is a private signing key.
type signer interface {
	sign(content []byte) ([]byte, error)
	public() []byte
}

func newSigner(s Suite, secret []byte) (signer, error) {
	if s != GM {
		return edSigner(ed25519.NewKeyFromSeed(secret)), nil
	}
	private, err := sm2.NewPrivateKey(secret)
	if err != nil {
		return nil, err
	}
	return newSM2Signer(private)
}

// newSigningSecret draws a signing key; for SM2 it must lie below the order of
// the curve, so the library draws it.
func newSigningSecret(s Suite) ([]byte, error) {
	if s != GM {
		return randomBytes(ed25519.SeedSize), nil
	}
	private, err := sm2.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make SM2 key: %w", err)
	}
	return private.D.FillBytes(make([]byte, 32)), nil
}

type edSigner ed25519.PrivateKey

func (s edSigner) sign(content []byte) ([]byte, error) {
	return ed25519.Sign(ed25519.PrivateKey(s), content), nil
}

func (s edSigner) public() []byte {
	return append([]byte(nil), s[ed25519.PrivateKeySize-ed25519.PublicKeySize:]...)
}

type sm2Signer struct {
	private *sm2.PrivateKey
	point   []byte
}

func newSM2Signer(private *sm2.PrivateKey) (signer, error) {
	point, err := pointOf(&private.PublicKey)
	if err != nil {
		return nil, err
	}
	return sm2Signer{private: private, point: point}, nil
}

// pointOf encodes an SM2 public key as an uncompressed point.
func pointOf(pub *ecdsa.PublicKey) ([]byte, error) {
	shared, err := sm2.PublicKeyToECDH(pub)
	if err != nil {
		return nil, err
	}
	return shared.Bytes(), nil
}

// sign follows GB/T 32918.2 with the default signer's identity.
func (s sm2Signer) sign(content []byte) ([]byte, error) {
	return s.private.Sign(rand.Reader, content, sm2.DefaultSM2SignerOpts)
}

func (s sm2Signer) public() []byte { return append([]byte(nil), s.point...) }
