package archive

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"time"

	"tongxin/internal/clock"
)

// part is a member of the file as it is written: its digest is known before its
// first byte is.
type part struct {
	name string
	size int64
	crc  uint32
	open func() (io.ReadCloser, error)
}

// Limits of the plain ZIP form, which every program of the last thirty years
// reads: no file or package of 4 GiB, no more members than 65,534.
const (
	mostBytes   = 3 << 30
	mostMembers = 20000
)

// errTooMuch says that a case does not fit into one file.
var errTooMuch = errors.New("the case does not fit into one file")

// zipHead is what local header and directory entry share.
func zipHead(b []byte, x part, at time.Time) []byte {
	at = at.In(clock.Beijing) // where the file is made and read
	hour := uint16(at.Hour()<<11 | at.Minute()<<5 | at.Second()/2)
	date := uint16((max(at.Year(), 1980)-1980)<<9 | int(at.Month())<<5 | at.Day())
	b = binary.LittleEndian.AppendUint16(b, 20)     // version needed
	b = binary.LittleEndian.AppendUint16(b, 0x0800) // names are UTF-8
	b = binary.LittleEndian.AppendUint16(b, 0)      // stored
	b = binary.LittleEndian.AppendUint16(b, hour)
	b = binary.LittleEndian.AppendUint16(b, date)
	b = binary.LittleEndian.AppendUint32(b, x.crc)
	b = binary.LittleEndian.AppendUint32(b, uint32(x.size))
	b = binary.LittleEndian.AppendUint32(b, uint32(x.size))
	b = binary.LittleEndian.AppendUint16(b, uint16(len(x.name)))
	return binary.LittleEndian.AppendUint16(b, 0) // no extra field
}

// pack writes a ZIP in which nothing is left to chance: members by name, stored,
// one time for all, no extra fields. The same parts give the same bytes with
// every version of every program, which is why this does not use archive/zip.
func pack(w io.Writer, parts []part, at time.Time) error {
	parts = slices.Clone(parts)
	slices.SortFunc(parts, func(a, b part) int { return compare(a.name, b.name) })
	if len(parts) > mostMembers {
		return errTooMuch
	}
	var offset int64
	var directory []byte
	for _, x := range parts {
		head := zipHead([]byte("PK\x03\x04"), x, at)
		entry := append([]byte("PK\x01\x02"), 20, 0)
		entry = zipHead(entry, x, at)
		entry = append(entry, make([]byte, 10)...) // comment, disk, attributes
		entry = binary.LittleEndian.AppendUint32(entry, uint32(offset))
		directory = append(append(directory, entry...), x.name...)
		if offset += int64(len(head)+len(x.name)) + x.size; offset > mostBytes {
			return errTooMuch
		}
		if _, err := w.Write(append(head, x.name...)); err != nil {
			return err
		}
		if err := copyPart(w, x); err != nil {
			return err
		}
	}
	end := append([]byte("PK\x05\x06"), 0, 0, 0, 0)
	end = binary.LittleEndian.AppendUint16(end, uint16(len(parts)))
	end = binary.LittleEndian.AppendUint16(end, uint16(len(parts)))
	end = binary.LittleEndian.AppendUint32(end, uint32(len(directory)))
	end = binary.LittleEndian.AppendUint32(end, uint32(offset))
	_, err := w.Write(append(append(directory, end...), 0, 0))
	return err
}

// compare orders names by their bytes.
func compare(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// copyPart writes the bytes of a part, which must be those it announced.
func copyPart(w io.Writer, x part) error {
	in, err := x.open()
	if err != nil {
		return fmt.Errorf("open %s: %w", x.name, err)
	}
	sum := crc32.NewIEEE()
	n, err := io.Copy(io.MultiWriter(w, sum), in)
	if err := errors.Join(err, in.Close()); err != nil {
		return fmt.Errorf("copy %s: %w", x.name, err)
	}
	if n != x.size || sum.Sum32() != x.crc {
		return fmt.Errorf("copy %s: %w", x.name, errChanged)
	}
	return nil
}

// errChanged says that a member is not what was announced.
var errChanged = errors.New("the content changed while it was copied")
