package blob

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// The marks of a JPEG file that matter here.
const (
	jpegSOI   = 0xd8 // start of image
	jpegEOI   = 0xd9 // end of image
	jpegSOS   = 0xda // start of scan; picture data follows
	jpegAPP0  = 0xe0
	jpegAPP1  = 0xe1
	jpegAPP14 = 0xee
	jpegAPP15 = 0xef
	jpegCOM   = 0xfe
	jpegRST0  = 0xd0
	jpegRST7  = 0xd7
	jpegTEM   = 0x01
)

// CleanImage copies a picture from r to w without what was written beside it:
// place, time, camera, author, comments, previews, and anything after its end.
// A gif holds no such place and is copied as it is, as is any other kind.
// Errors: ErrMismatch when the picture is broken, else those of reading and
// writing.
func CleanImage(kind Kind, r io.Reader, w io.Writer) error {
	switch kind {
	case JPG:
		return CleanJPEG(r, w)
	case PNG:
		return CleanPNG(r, w)
	}
	_, err := io.Copy(w, r)
	return err
}

// CleanJPEG copies a JPEG from r to w keeping only what shows the picture: of the
// application segments the JFIF header (APP0, without preview) and Adobe's colour
// mark (APP14); comments go too, and everything after the end of the image. So
// that a photo held upright stays upright, a turn noted by the camera is written
// anew, alone. The picture data are copied unchanged.
// Errors: ErrMismatch when the file is broken or cut off, else those of reading
// and writing.
func CleanJPEG(r io.Reader, w io.Writer) error {
	c := jpegCopy{in: bufio.NewReader(r), out: bufio.NewWriter(w)}
	if err := c.run(); err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			err = fmt.Errorf("%w: cut off", ErrMismatch)
		}
		return fmt.Errorf("clean jpeg: %w", err)
	}
	if err := c.out.Flush(); err != nil {
		return fmt.Errorf("clean jpeg: %w", err)
	}
	return nil
}

// jpegCopy is one copying under way. Write errors stay in out until Flush.
type jpegCopy struct {
	in      *bufio.Reader
	out     *bufio.Writer
	turn    uint16 // the camera's orientation, 2 to 8; 0 when none
	begun   bool   // a segment of the picture itself was written
	frame   bool   // a frame header was seen
	scanned bool   // picture data were seen
}

func (c *jpegCopy) run() error {
	var start [2]byte
	if _, err := io.ReadFull(c.in, start[:]); err != nil {
		return err
	}
	if start != [2]byte{0xff, jpegSOI} {
		return ErrMismatch
	}
	_, _ = c.out.Write(start[:])
	mark, err := c.mark()
	for err == nil && mark != jpegEOI {
		mark, err = c.segment(mark)
	}
	if err != nil {
		return err
	}
	if !c.frame || !c.scanned {
		return fmt.Errorf("%w: no picture", ErrMismatch)
	}
	_, _ = c.out.Write([]byte{0xff, jpegEOI})
	return nil
}

// mark reads the next mark, skipping fill bytes before it.
func (c *jpegCopy) mark() (byte, error) {
	b, err := c.in.ReadByte()
	if err != nil {
		return 0, err
	}
	if b != 0xff {
		return 0, fmt.Errorf("%w: no mark where one must be", ErrMismatch)
	}
	for b == 0xff {
		if b, err = c.in.ReadByte(); err != nil {
			return 0, err
		}
	}
	return b, nil
}

// segment copies or drops the segment of a mark and answers the mark after it.
func (c *jpegCopy) segment(mark byte) (byte, error) {
	if mark < 0xc0 || mark >= jpegRST0 && mark <= jpegSOI {
		return 0, fmt.Errorf("%w: mark out of place", ErrMismatch)
	}
	body, err := c.body()
	if err != nil {
		return 0, err
	}
	switch {
	case mark >= jpegAPP0 && mark <= jpegAPP15:
		c.application(mark, body)
	case mark == jpegCOM:
	default:
		c.picture(mark, body)
	}
	if mark == jpegSOS {
		c.scanned = true
		return c.scan()
	}
	return c.mark()
}

// body reads the two bytes of length, which count themselves, and the rest.
func (c *jpegCopy) body() ([]byte, error) {
	var size [2]byte
	if _, err := io.ReadFull(c.in, size[:]); err != nil {
		return nil, err
	}
	n := int(binary.BigEndian.Uint16(size[:]))
	if n < 2 {
		return nil, fmt.Errorf("%w: segment without length", ErrMismatch)
	}
	b := make([]byte, n-2)
	_, err := io.ReadFull(c.in, b)
	return b, err
}

// application keeps the two application segments that change how the picture
// looks, and notes the camera's turn.
func (c *jpegCopy) application(mark byte, body []byte) {
	switch {
	case mark == jpegAPP0 && len(body) >= 14 && bytes.HasPrefix(body, []byte("JFIF\x00")):
		// Width and height of the preview become zero, and the preview goes.
		c.write(mark, append(bytes.Clone(body[:12]), 0, 0))
	case mark == jpegAPP14 && len(body) >= 12 && bytes.HasPrefix(body, []byte("Adobe")):
		c.write(mark, body[:12])
	case mark == jpegAPP1 && c.turn == 0:
		c.turn = exifTurn(body)
	}
}

// picture copies a segment of the picture itself; before the first one the turn
// is written, where readers look for it.
func (c *jpegCopy) picture(mark byte, body []byte) {
	if !c.begun && c.turn != 0 {
		c.write(jpegAPP1, exifOf(c.turn))
	}
	c.begun = true
	const sof, dht, jpg, dac, lastSOF = 0xc0, 0xc4, 0xc8, 0xcc, 0xcf
	if mark >= sof && mark <= lastSOF && mark != dht && mark != jpg && mark != dac {
		c.frame = true
	}
	c.write(mark, body)
}

func (c *jpegCopy) write(mark byte, body []byte) {
	_, _ = c.out.Write([]byte{0xff, mark, byte((len(body) + 2) >> 8), byte(len(body) + 2)})
	_, _ = c.out.Write(body)
}

// scan copies picture data up to the next mark that is not part of them.
func (c *jpegCopy) scan() (byte, error) {
	for {
		b, err := c.in.ReadByte()
		if err != nil {
			return 0, err
		}
		if b != 0xff {
			_ = c.out.WriteByte(b)
			continue
		}
		for b == 0xff {
			if b, err = c.in.ReadByte(); err != nil {
				return 0, err
			}
		}
		if b != 0 && (b < jpegRST0 || b > jpegRST7) && b != jpegTEM {
			return b, nil
		}
		_, _ = c.out.Write([]byte{0xff, b})
	}
}

const exifHead = "Exif\x00\x00"

// orientation is the tag of the camera's turn, a single 16-bit number.
const orientation = 0x0112

// exifTurn reads the orientation from the first directory of an Exif segment: 2
// to 8, or 0 when there is none, it is upright, or the segment is broken.
func exifTurn(body []byte) uint16 {
	tiff, had := bytes.CutPrefix(body, []byte(exifHead))
	if !had || len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 0
	}
	count := int(order.Uint16(tiff[at:]))
	list := tiff[at+2:]
	for i := 0; i < count && len(list) >= 12; i++ {
		if order.Uint16(list) == orientation {
			if v := order.Uint16(list[8:]); v >= 2 && v <= 8 {
				return v
			}
			return 0
		}
		list = list[12:]
	}
	return 0
}

// exifOf writes an Exif segment that holds the orientation and nothing else.
func exifOf(turn uint16) []byte {
	b := []byte(exifHead + "MM\x00\x2a\x00\x00\x00\x08" + "\x00\x01" + "\x01\x12\x00\x03\x00\x00\x00\x01")
	b = binary.BigEndian.AppendUint16(b, turn)
	return append(b, 0, 0, 0, 0, 0, 0) // the value's padding, and no further directory
}
