package blob

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func crcOf(b []byte) uint32 { return crc32.ChecksumIEEE(b) }

// segment builds one JPEG segment.
func segment(mark byte, body string) string {
	return string([]byte{0xff, mark, byte((len(body) + 2) >> 8), byte(len(body) + 2)}) + body
}

type byteOrder interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

// exif builds a camera's segment: a turn, and a place nobody must learn.
func exif(order byteOrder, turn uint16) string {
	head := "MM\x00\x2a\x00\x00\x00\x08"
	if order == byteOrder(binary.LittleEndian) {
		head = "II\x2a\x00\x08\x00\x00\x00"
	}
	b := []byte(head)
	put := func(tag, kind uint16, count, value uint32) {
		b = order.AppendUint16(b, tag)
		b = order.AppendUint16(b, kind)
		b = order.AppendUint32(b, count)
		b = order.AppendUint32(b, value)
	}
	b = order.AppendUint16(b, 2)
	put(0x010e, 2, 20, 50)
	short := make([]byte, 4)
	order.PutUint16(short, turn)
	put(orientation, 3, 1, order.Uint32(short))
	b = order.AppendUint32(b, 0)
	return segment(jpegAPP1, exifHead+string(b)+"GPS-canary-38.93N-100.45E")
}

// photo puts segments behind the start of an encoded picture.
func photo(t testing.TB, segments ...string) []byte {
	plain := encoded(t, JPG)
	return []byte(string(plain[:2]) + strings.Join(segments, "") + string(plain[2:]))
}

func cleaned(t testing.TB, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := CleanJPEG(bytes.NewReader(content), &b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestCleanJPEGDropsEverythingBeside(t *testing.T) {
	t.Parallel()
	plain := encoded(t, JPG)
	var dirty []string
	for mark := byte(jpegAPP0); mark <= jpegAPP15; mark++ {
		dirty = append(dirty, segment(mark, "canary"))
	}
	dirty = append(dirty, segment(jpegCOM, "canary"), exif(binary.BigEndian, 1), segment(jpegAPP1, "http://ns.adobe.com/xap/1.0/\x00canary"))
	got := cleaned(t, append(photo(t, dirty...), "PK\x03\x04canary after the end"...))
	if bytes.Contains(got, []byte("canary")) || bytes.Contains(got, []byte("GPS")) {
		t.Error("something beside the picture is left")
	}
	if !bytes.Equal(got, plain) {
		t.Error("the picture itself was changed")
	}
}

func TestCleanJPEGKeepsColourAndHeader(t *testing.T) {
	t.Parallel()
	jfif := "JFIF\x00\x01\x02\x00\x00\x48\x00\x48"
	adobe := "Adobe\x00\x64\x00\x00\x00\x00\x01"
	got := cleaned(t, photo(t, segment(jpegAPP0, jfif+"\x01\x01canary"), segment(jpegAPP14, adobe+"canary")))
	want := photo(t, segment(jpegAPP0, jfif+"\x00\x00"), segment(jpegAPP14, adobe))
	if !bytes.Equal(got, want) {
		t.Fatalf("got % x", got[:60])
	}
}

func TestCleanJPEGKeepsTheTurn(t *testing.T) {
	t.Parallel()
	for _, order := range []byteOrder{binary.BigEndian, binary.LittleEndian} {
		for turn := range uint16(11) {
			got := cleaned(t, photo(t, exif(order, turn)))
			want := encoded(t, JPG)
			if turn >= 2 && turn <= 8 {
				want = photo(t, segment(jpegAPP1, string(exifOf(turn))))
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%v, turn %d: % x", order, turn, got[:50])
			}
			if again := cleaned(t, got); !bytes.Equal(again, got) {
				t.Errorf("%v, turn %d: cleaning again changes it", order, turn)
			}
		}
	}
	for _, broken := range []string{"", "MM", "MM\x00\x2a\xff\xff\xff\xff", "MM\x00\x2a\x00\x00\x00\x08\xff\xff\x01\x12"} {
		if exifTurn([]byte(exifHead+broken)) != 0 {
			t.Errorf("%q has a turn", broken)
		}
	}
}

// Several scans, restart marks, stuffed and fill bytes inside the data.
func TestCleanJPEGCopiesScans(t *testing.T) {
	t.Parallel()
	frame := segment(0xc2, "\x08\x00\x01\x00\x01\x01\x01\x11\x00")
	scan := segment(jpegSOS, "\x01\x01\x00\x00\x3f\x00")
	in := "\xff\xd8" + frame + scan + "ab\xff\x00c\xff\xd0d\xff\xd7e" + segment(jpegAPP1, "canary") + segment(0xc4, "tables") + scan + "f\xff\xff\xff\xd9tail"
	want := "\xff\xd8" + frame + scan + "ab\xff\x00c\xff\xd0d\xff\xd7e" + segment(0xc4, "tables") + scan + "f\xff\xd9"
	if got := string(cleaned(t, []byte(in))); got != want {
		t.Fatalf("got  % x\nwant % x", got, want)
	}
}

func TestCleanJPEGRefusesBroken(t *testing.T) {
	t.Parallel()
	plain := encoded(t, JPG)
	cases := map[string][]byte{
		"empty":            nil,
		"png":              encoded(t, PNG),
		"end at once":      []byte("\xff\xd8\xff\xd9"),
		"no scan":          []byte("\xff\xd8" + segment(0xc0, "frame") + "\xff\xd9"),
		"no frame":         []byte("\xff\xd8" + segment(jpegSOS, "scan") + "data\xff\xd9"),
		"tables only":      []byte("\xff\xd8" + segment(0xc4, "x") + segment(jpegSOS, "scan") + "data\xff\xd9"),
		"no mark":          []byte("\xff\xd8abc"),
		"length below two": []byte("\xff\xd8\xff\xe1\x00\x01"),
		"start twice":      []byte("\xff\xd8\xff\xd8\xff\xd9"),
		"restart outside":  []byte("\xff\xd8\xff\xd0\xff\xd9"),
		"low mark":         []byte("\xff\xd8\xff\x02\x00\x02\xff\xd9"),
	}
	for name, content := range cases {
		if err := CleanJPEG(bytes.NewReader(content), io.Discard); !errors.Is(err, ErrMismatch) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for i := range len(plain) - 1 {
		if err := CleanJPEG(bytes.NewReader(plain[:i]), io.Discard); !errors.Is(err, ErrMismatch) {
			t.Fatalf("cut after %d bytes: %v", i, err)
		}
	}
}

func TestCleanPassesFailuresOn(t *testing.T) {
	t.Parallel()
	broken := errors.New("line dropped")
	for _, kind := range []Kind{JPG, PNG, GIF} {
		content := encoded(t, kind)
		half := io.MultiReader(bytes.NewReader(content[:50]), iotest.ErrReader(broken))
		if err := CleanImage(kind, half, io.Discard); !errors.Is(err, broken) || errors.Is(err, ErrMismatch) {
			t.Errorf("%s, reading: %v", kind, err)
		}
		if err := CleanImage(kind, bytes.NewReader(content), fullDisk{broken}); !errors.Is(err, broken) {
			t.Errorf("%s, writing: %v", kind, err)
		}
	}
}

type fullDisk struct{ err error }

func (f fullDisk) Write([]byte) (int, error) { return 0, f.err }

func chunk(name, body string) string {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	b = append(b, name+body...)
	return string(binary.BigEndian.AppendUint32(b, crcOf([]byte(name+body))))
}

func TestCleanPNG(t *testing.T) {
	t.Parallel()
	plain := string(encoded(t, PNG))
	const header = len(pngMagic) + 25
	gamma := chunk("gAMA", "\x00\x00\xb1\x8f")
	dirty := plain[:header] + gamma + chunk("eXIf", "canary") + chunk("tEXt", "canary") + chunk("iTXt", "canary") + chunk("tIME", "canary1") + plain[header:] + "canary"
	var b bytes.Buffer
	if err := CleanImage(PNG, strings.NewReader(dirty), &b); err != nil {
		t.Fatal(err)
	}
	if want := plain[:header] + gamma + plain[header:]; b.String() != want {
		t.Fatal("not the picture alone")
	}
	if _, err := png.Decode(&b); err != nil {
		t.Fatal(err)
	}
	for i := range len(plain) - 1 {
		if err := CleanPNG(strings.NewReader(plain[:i]), io.Discard); !errors.Is(err, ErrMismatch) {
			t.Fatalf("cut after %d bytes: %v", i, err)
		}
	}
	for name, content := range map[string]string{
		"jpeg":         string(encoded(t, JPG)),
		"no header":    pngMagic + chunk("IEND", ""),
		"header twice": plain[:header] + plain[len(pngMagic):],
		"endless":      plain[:header] + "\xff\xff\xff\xfftEXt",
	} {
		if err := CleanPNG(strings.NewReader(content), io.Discard); !errors.Is(err, ErrMismatch) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCleanImageLeavesOthers(t *testing.T) {
	t.Parallel()
	for _, kind := range []Kind{GIF, PDF} {
		var b bytes.Buffer
		if err := CleanImage(kind, strings.NewReader("content"), &b); err != nil || b.String() != "content" {
			t.Errorf("%s: %q, %v", kind, b.String(), err)
		}
	}
}

func FuzzCleanJPEG(f *testing.F) {
	f.Add(encoded(f, JPG))
	f.Add(photo(f, exif(binary.LittleEndian, 6), segment(jpegCOM, "x")))
	f.Add([]byte("\xff\xd8" + segment(0xc0, "frame") + segment(jpegSOS, "s") + "a\xff\x00\xff\xff\xd9"))
	f.Fuzz(func(t *testing.T, content []byte) {
		var b bytes.Buffer
		if err := CleanJPEG(bytes.NewReader(content), &b); err != nil {
			if !errors.Is(err, ErrMismatch) {
				t.Fatal(err)
			}
			return
		}
		once := b.Bytes()
		if twice := cleaned(t, once); !bytes.Equal(once, twice) {
			t.Fatal("cleaning again changes it")
		}
		before, err := jpeg.DecodeConfig(bytes.NewReader(content))
		if err != nil {
			return
		}
		after, err := jpeg.DecodeConfig(bytes.NewReader(once))
		if err != nil || before.Width != after.Width || before.Height != after.Height {
			t.Fatalf("picture was %d×%d, is %d×%d: %v", before.Width, before.Height, after.Width, after.Height, err)
		}
	})
}

// What is left of a photo still shows the same picture.
func TestCleanJPEGSamePicture(t *testing.T) {
	t.Parallel()
	show := func(b []byte) image.Image {
		m, err := jpeg.Decode(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	dirty := photo(t, exif(binary.BigEndian, 6))
	a, b := show(dirty), show(cleaned(t, dirty))
	for x := range 40 {
		for y := range 30 {
			if a.At(x, y) != b.At(x, y) {
				t.Fatalf("differs at %d,%d", x, y)
			}
		}
	}
}
