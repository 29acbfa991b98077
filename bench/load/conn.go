package load

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"
)

// Conn is one kept-alive HTTP/1.1 connection for one request at a time.
type Conn struct {
	c net.Conn
	r *bufio.Reader
}

// patience bounds one answer; a server that takes longer has failed.
const patience = 30 * time.Second

// Dial connects to host:port.
func Dial(address string) (*Conn, error) {
	c, err := net.DialTimeout("tcp", address, patience)
	if err != nil {
		return nil, fmt.Errorf("connect to %s: %w", address, err)
	}
	return &Conn{c: c, r: bufio.NewReaderSize(c, 64<<10)}, nil
}

// Close ends the connection.
func (c *Conn) Close() error { return c.c.Close() }

// Answer is what a server answered.
type Answer struct {
	Status int
	Bytes  int    // of the body
	Body   []byte // nil unless asked for
}

// Do sends one whole request and reads one whole answer; keep says whether its body is
// wanted or only counted.
func (c *Conn) Do(request []byte, keep bool) (Answer, error) {
	var a Answer
	if err := c.c.SetDeadline(time.Now().Add(patience)); err != nil {
		return a, fmt.Errorf("set the deadline: %w", err)
	}
	if _, err := c.c.Write(request); err != nil {
		return a, fmt.Errorf("send: %w", err)
	}
	return a, c.read(&a, keep)
}

var errAnswer = errors.New("not an HTTP/1.1 answer")

func (c *Conn) read(a *Answer, keep bool) error {
	line, err := c.line()
	if err != nil {
		return err
	}
	if len(line) < 12 || !bytes.HasPrefix(line, []byte("HTTP/1.1 ")) {
		return fmt.Errorf("%w: %q", errAnswer, line)
	}
	if a.Status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return fmt.Errorf("%w: %q", errAnswer, line)
	}
	length, err := c.head()
	if err != nil {
		return err
	}
	var body *bytes.Buffer
	if keep {
		body = &bytes.Buffer{}
	}
	switch {
	case a.Status == 204 || a.Status == 304:
	case length >= 0:
		a.Bytes, err = length, c.take(length, body)
	default:
		a.Bytes, err = c.chunks(body)
	}
	if keep {
		a.Body = body.Bytes()
	}
	return err
}

// line reads one line without its end; it is good until the next read.
func (c *Conn) line() ([]byte, error) {
	line, err := c.r.ReadSlice('\n')
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	return bytes.TrimRight(line, "\r\n"), nil
}

// head reads the header lines and gives the length of the body, -1 when it comes in chunks.
func (c *Conn) head() (int, error) {
	length := -1
	for {
		line, err := c.line()
		if err != nil {
			return 0, err
		}
		if len(line) == 0 {
			return length, nil
		}
		const name = "content-length:"
		if len(line) > len(name) && bytes.EqualFold(line[:len(name)], []byte(name)) {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(line[len(name):]))); err != nil {
				return 0, fmt.Errorf("%w: %q", errAnswer, line)
			}
		}
	}
}

func (c *Conn) take(n int, body *bytes.Buffer) error {
	if body != nil {
		if _, err := io.CopyN(body, c.r, int64(n)); err != nil {
			return fmt.Errorf("read the body: %w", err)
		}
		return nil
	}
	if _, err := c.r.Discard(n); err != nil {
		return fmt.Errorf("read the body: %w", err)
	}
	return nil
}

func (c *Conn) chunks(body *bytes.Buffer) (int, error) {
	total := 0
	for {
		line, err := c.line()
		if err != nil {
			return total, err
		}
		n, err := strconv.ParseUint(string(line), 16, 31)
		if err != nil {
			return total, fmt.Errorf("%w: chunk %q", errAnswer, line)
		}
		if err := c.take(int(n), body); err != nil {
			return total, err
		}
		if _, err := c.line(); err != nil { // the end of the chunk, or of the trailer
			return total, err
		}
		if total += int(n); n == 0 {
			return total, nil
		}
	}
}
