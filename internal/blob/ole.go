package blob

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"unicode/utf16"
)

// The binary documents of older offices are little file systems ("compound
// files"). Which program wrote one shows in the names of the streams directly
// below its root.

const (
	oleMagic     = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
	oleHeader    = 512
	oleEntry     = 128
	oleInHeader  = 109        // sector numbers of the table kept in the header
	oleMarks     = 0xfffffffa // sector numbers from here on are marks
	oleEnd       = 0xfffffffe // the mark that ends a chain
	maxOLESector = 4096       // sectors of the directory, and of the table's list
)

// streams are the names of which one must lie below the root.
func streams(kind Kind) []string {
	switch kind {
	case XLS:
		return []string{"Workbook", "Book"}
	case PPT:
		return []string{"PowerPoint Document"}
	}
	return []string{"WordDocument"} // doc, and wps, which has the same inside
}

func checkOLE(kind Kind, head []byte, in *source) error {
	if err := checkStart(head, oleMagic); err != nil {
		return err
	}
	f, err := openOLE(head, in)
	if err != nil {
		return err
	}
	entries, err := f.directory()
	if err != nil {
		return err
	}
	found := entries.belowRoot()
	for _, name := range streams(kind) {
		if found[name] {
			return nil
		}
	}
	return fmt.Errorf("%w: no stream of this kind", ErrMismatch)
}

// oleFile reads sectors of a compound file.
type oleFile struct {
	in    *source
	head  []byte
	shift uint // sector size is 1<<shift
	table map[uint32][]byte
}

func openOLE(head []byte, in *source) (*oleFile, error) {
	if len(head) < oleHeader {
		return nil, ErrMismatch
	}
	shift := uint(binary.LittleEndian.Uint16(head[30:]))
	if binary.LittleEndian.Uint16(head[28:]) != 0xfffe || shift != 9 && shift != 12 {
		return nil, ErrMismatch
	}
	return &oleFile{in: in, head: head, shift: shift, table: map[uint32][]byte{}}, nil
}

// sector reads one whole sector.
func (f *oleFile) sector(n uint32) ([]byte, error) {
	if n >= oleMarks {
		return nil, ErrMismatch
	}
	b := f.in.at((int64(n)+1)<<f.shift, 1<<f.shift)
	if len(b) != 1<<f.shift {
		return nil, fmt.Errorf("%w: cut off", ErrMismatch)
	}
	return b, nil
}

// next answers the sector that follows n in its chain.
func (f *oleFile) next(n uint32) (uint32, error) {
	per := uint32(1) << (f.shift - 2)
	part := f.table[n/per]
	if part == nil {
		at, err := f.tableSector(n / per)
		if err != nil {
			return 0, err
		}
		if part, err = f.sector(at); err != nil {
			return 0, err
		}
		f.table[n/per] = part
	}
	return binary.LittleEndian.Uint32(part[4*(n%per):]), nil
}

// tableSector answers where the i-th sector of the allocation table lies: the
// first 109 are listed in the header, the others in a chain of their own.
func (f *oleFile) tableSector(i uint32) (uint32, error) {
	if i < oleInHeader {
		return binary.LittleEndian.Uint32(f.head[76+4*i:]), nil
	}
	i -= oleInHeader
	per := uint32(1)<<(f.shift-2) - 1 // the last number of each leads on
	at := binary.LittleEndian.Uint32(f.head[68:])
	for range maxOLESector {
		list, err := f.sector(at)
		if err != nil {
			return 0, err
		}
		if i < per {
			return binary.LittleEndian.Uint32(list[4*i:]), nil
		}
		i -= per
		at = binary.LittleEndian.Uint32(list[4*per:])
	}
	return 0, ErrMismatch
}

// oleEntries are the directory's entries of 128 bytes each.
type oleEntries []byte

// directory reads the chain of directory sectors.
func (f *oleFile) directory() (oleEntries, error) {
	var all bytes.Buffer
	at := binary.LittleEndian.Uint32(f.head[48:])
	for range maxOLESector {
		b, err := f.sector(at)
		if err != nil {
			return nil, err
		}
		all.Write(b)
		if at, err = f.next(at); err != nil {
			return nil, err
		}
		if at == oleEnd {
			return all.Bytes(), nil
		}
	}
	return nil, fmt.Errorf("%w: endless directory", ErrMismatch)
}

// belowRoot collects the names of streams directly below the root, which form a
// tree by left and right neighbour.
func (e oleEntries) belowRoot() map[string]bool {
	const root, stream = 5, 2
	found := map[string]bool{}
	if len(e) < oleEntry || e[66] != root {
		return found
	}
	seen := map[uint32]bool{}
	todo := []uint32{binary.LittleEndian.Uint32(e[76:])}
	for len(todo) > 0 {
		n := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if seen[n] || int64(n) >= int64(len(e)/oleEntry) {
			continue
		}
		seen[n] = true
		one := e[int64(n)*oleEntry:][:oleEntry]
		if one[66] == stream {
			found[oleName(one)] = true
		}
		todo = append(todo, binary.LittleEndian.Uint32(one[68:]), binary.LittleEndian.Uint32(one[72:]))
	}
	return found
}

// oleName reads an entry's name; its length counts bytes with the closing zero.
func oleName(entry []byte) string {
	length := int(binary.LittleEndian.Uint16(entry[64:]))
	if length < 2 || length > 64 {
		return ""
	}
	units := make([]uint16, length/2-1)
	for i := range units {
		units[i] = binary.LittleEndian.Uint16(entry[2*i:])
	}
	return string(utf16.Decode(units))
}
