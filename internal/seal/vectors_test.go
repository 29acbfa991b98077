package seal

import (
	"bytes"
	"crypto/cipher"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/sm4"
)

func unhex(t *testing.T, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// GB/T 32905-2016, both examples of the appendix, and FIPS 180 for SHA-256.
func TestHashVectors(t *testing.T) {
	t.Parallel()
	cases := []struct {
		suite    Suite
		in, want string
	}{
		{GM, "abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"},
		{GM, strings.Repeat("abcd", 16), "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"},
		{Intl, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
	}
	for _, c := range cases {
		if got := onFile(t, c.suite).HashHex([]byte(c.in)); got != c.want {
			t.Errorf("%s(%q) = %s", c.suite, c.in, got)
		}
	}
}

// GB/T 32907-2016, both examples: one block, and a million times.
func TestSM4Vectors(t *testing.T) {
	t.Parallel()
	text := unhex(t, "0123456789abcdeffedcba9876543210")
	block, err := GM.block(text)
	if err != nil {
		t.Fatal(err)
	}
	one := bytes.Clone(text)
	block.Encrypt(one, one)
	if got := hex.EncodeToString(one); got != "681edf34d206965e86b3e94f536e4246" {
		t.Fatal(got)
	}
	many := bytes.Clone(text)
	for range 1_000_000 {
		block.Encrypt(many, many)
	}
	if got := hex.EncodeToString(many); got != "595298c7c6fd271f0402f804c33d3f66" {
		t.Fatal(got)
	}
	if block.BlockSize() != sm4.BlockSize {
		t.Fatal("not SM4")
	}
}

// RFC 8998, appendix A.1.
func TestSM4GCMVector(t *testing.T) {
	t.Parallel()
	aead, err := GM.aead(unhex(t, "0123456789abcdeffedcba9876543210"))
	if err != nil {
		t.Fatal(err)
	}
	plain := unhex(t, strings.Repeat("aa", 8)+strings.Repeat("bb", 8)+strings.Repeat("cc", 8)+strings.Repeat("dd", 8)+
		strings.Repeat("ee", 8)+strings.Repeat("ff", 8)+strings.Repeat("ee", 8)+strings.Repeat("aa", 8))
	got := aead.Seal(nil, unhex(t, "00001234567800000000abcd"), plain, unhex(t, "feedfacedeadbeeffeedfacedeadbeefabaddad2"))
	want := "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735" +
		"d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d" + "83de3541e4c2b58177e065a9bf7b62ec"
	if hex.EncodeToString(got) != want {
		t.Fatal(hex.EncodeToString(got))
	}
}

// The GCM specification's test case 16 for a 256-bit key.
func TestAESGCMVector(t *testing.T) {
	t.Parallel()
	var aead cipher.AEAD
	aead, err := Intl.aead(unhex(t, "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"))
	if err != nil {
		t.Fatal(err)
	}
	plain := unhex(t, "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"+
		"1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39")
	got := aead.Seal(nil, unhex(t, "cafebabefacedbaddecaf888"), plain, unhex(t, "feedfacedeadbeeffeedfacedeadbeefabaddad2"))
	want := "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa" +
		"8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662" + "76fc6ece0f4e1768cddf8853bb2d551b"
	if hex.EncodeToString(got) != want {
		t.Fatal(hex.EncodeToString(got))
	}
}

// The signature example of GB/T 32918.5 over the recommended curve.
func TestSM2Vector(t *testing.T) {
	t.Parallel()
	signer, err := newSigner(GM, unhex(t, "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8"))
	if err != nil {
		t.Fatal(err)
	}
	point := "04" + "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020" +
		"ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
	if got := hex.EncodeToString(signer.public()); got != point {
		t.Fatal(got)
	}
	// r = f5a0…, s = b1b6…, as the ASN.1 sequence of two integers.
	value := unhex(t, "3046"+"022100f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"+
		"022100b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa")
	pub := PublicKey{Suite: GM, KeyID: "k", Key: signer.public()}
	if err := pub.Verify([]byte("message digest"), Signature{GM, "k", value}); err != nil {
		t.Fatal(err)
	}
	if err := pub.Verify([]byte("message digesu"), Signature{GM, "k", value}); !errors.Is(err, ErrSignature) {
		t.Fatal(err)
	}
	if _, err := sm2.NewPublicKey(pub.Key); err != nil {
		t.Fatal(err)
	}
}

func TestSign(t *testing.T) {
	t.Parallel()
	eachSuite(t, func(t *testing.T, k *Keeper) {
		content := []byte("checkpoint 42")
		s, err := k.Sign(content)
		if err != nil {
			t.Fatal(err)
		}
		read, err := ParseSignature(s.String())
		if err != nil || read.String() != s.String() {
			t.Fatalf("%v, %v", read, err)
		}
		if err := k.Verify(content, read); err != nil {
			t.Fatal(err)
		}
		if err := k.PublicKey().Verify(content, read); err != nil {
			t.Fatal(err)
		}
		if err := k.Verify([]byte("checkpoint 43"), read); !errors.Is(err, ErrSignature) {
			t.Fatal(err)
		}
		for i := range read.Value {
			bad := Signature{read.Suite, read.KeyID, bytes.Clone(read.Value)}
			bad.Value[i] ^= 1
			if k.Verify(content, bad) == nil {
				t.Fatalf("byte %d changed unnoticed", i)
			}
		}
		stranger := onFile(t, k.Suite())
		if err := stranger.Verify(content, read); !errors.Is(err, ErrUnknownKey) {
			t.Fatal(err)
		}
		if err := stranger.PublicKey().Verify(content, read); !errors.Is(err, ErrUnknownKey) {
			t.Fatal(err)
		}
		forged := Signature{stranger.Suite(), stranger.PublicKey().KeyID, read.Value}
		if err := stranger.Verify(content, forged); !errors.Is(err, ErrSignature) {
			t.Fatal(err)
		}
		if _, err := ParseSignature("v1.intl.abc"); !errors.Is(err, ErrMalformed) {
			t.Fatal(err)
		}
		if (PublicKey{Suite: k.Suite(), Key: []byte("x")}).fits(content, s.Value) || (PublicKey{Suite: "x"}).fits(nil, nil) {
			t.Fatal("a broken key verifies")
		}
		if block, _ := pem.Decode([]byte(k.PublicKey().PEM())); block == nil || block.Type != "PUBLIC KEY" {
			t.Fatal("no PEM")
		}
		if (PublicKey{Suite: k.Suite(), Key: []byte("x")}).PEM() != "" {
			t.Fatal("PEM of a broken key")
		}
	})
}

// The same answers from another implementation, where one is installed.
func TestCrossCheckWithOpenSSL(t *testing.T) {
	t.Parallel()
	tool, err := exec.LookPath("openssl")
	if err != nil {
		if os.Getenv("TONGXIN_TEST_STRICT") != "" {
			t.Fatal("openssl is not installed")
		}
		t.Skip("openssl is not installed")
	}
	folder := t.TempDir()
	content := []byte("张掖 checkpoint")
	put := func(name string, b []byte) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	msg := put("msg", content)
	k := onFile(t, GM)
	out, err := exec.Command(tool, "dgst", "-sm3", "-r", msg).Output()
	if err != nil {
		t.Fatalf("this openssl has no SM3: %v", err)
	}
	if got, _, _ := strings.Cut(string(out), " "); got != k.HashHex(content) {
		t.Errorf("SM3: %s", got)
	}
	s, err := k.Sign(content)
	if err != nil {
		t.Fatal(err)
	}
	out, err = exec.Command(tool, "pkeyutl", "-verify", "-pubin", "-inkey", put("gm.pem", []byte(k.PublicKey().PEM())),
		"-rawin", "-digest", "sm3", "-in", msg, "-sigfile", put("gm.sig", s.Value), "-pkeyopt", "distid:1234567812345678").CombinedOutput()
	if err != nil {
		t.Errorf("SM2: %v: %s", err, out)
	}
	k = onFile(t, Intl)
	s, err = k.Sign(content)
	if err != nil {
		t.Fatal(err)
	}
	out, err = exec.Command(tool, "pkeyutl", "-verify", "-pubin", "-inkey", put("ed.pem", []byte(k.PublicKey().PEM())),
		"-rawin", "-in", msg, "-sigfile", put("ed.sig", s.Value)).CombinedOutput()
	if err != nil {
		t.Errorf("Ed25519: %v: %s", err, out)
	}
}
