package blob

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

const pngMagic = "\x89PNG\r\n\x1a\n"

// pngKept answers whether a chunk is needed to show the picture. Texts, times,
// camera data, animation and private chunks are not.
func pngKept(name string) bool {
	switch name {
	case "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "sBIT", "pHYs", "bKGD":
		return true
	}
	return false
}

// CleanPNG copies a PNG from r to w keeping only the chunks that show the
// picture; everything after its end goes too. Errors: ErrMismatch when the file
// is broken or cut off, else those of reading and writing.
func CleanPNG(r io.Reader, w io.Writer) error {
	in, out := bufio.NewReader(r), bufio.NewWriter(w)
	if err := copyPNG(in, out); err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			err = fmt.Errorf("%w: cut off", ErrMismatch)
		}
		return fmt.Errorf("clean png: %w", err)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("clean png: %w", err)
	}
	return nil
}

func copyPNG(in *bufio.Reader, out *bufio.Writer) error {
	start := make([]byte, len(pngMagic))
	if _, err := io.ReadFull(in, start); err != nil {
		return err
	}
	if string(start) != pngMagic {
		return ErrMismatch
	}
	_, _ = out.Write(start) // a failure shows at Flush
	for first := true; ; first = false {
		name, err := copyChunk(in, out)
		if err != nil {
			return err
		}
		if first != (name == "IHDR") {
			return fmt.Errorf("%w: header out of place", ErrMismatch)
		}
		if name == "IEND" {
			return nil
		}
	}
}

// copyChunk copies or drops one chunk: length, name, content, checksum.
func copyChunk(in *bufio.Reader, out *bufio.Writer) (string, error) {
	head := make([]byte, 8)
	if _, err := io.ReadFull(in, head); err != nil {
		return "", err
	}
	size, name := int64(binary.BigEndian.Uint32(head)), string(head[4:])
	if size > 1<<31-1 {
		return "", fmt.Errorf("%w: chunk too long", ErrMismatch)
	}
	if !pngKept(name) {
		_, err := io.CopyN(io.Discard, in, size+4)
		return name, err
	}
	_, _ = out.Write(head)
	_, err := io.CopyN(out, in, size+4)
	return name, err
}
