package load

import "strconv"

// Head holds what all requests of one kind share.
type Head struct {
	Host   string
	Token  string // bearer token; "" for none
	Cookie string
	Accept string
	Key    string // prefix of the Idempotency-Key of a POST; "" for none
}

// Get appends a whole GET request to buf.
func (h Head) Get(buf []byte, path string) []byte {
	buf = append(buf, "GET "...)
	buf = h.common(append(append(buf, path...), " HTTP/1.1\r\n"...))
	return append(buf, "\r\n"...)
}

// Post appends a whole POST request with a JSON body to buf. n tells it from the others of
// the same prefix.
func (h Head) Post(buf []byte, path string, n uint64, body []byte) []byte {
	buf = append(buf, "POST "...)
	buf = h.common(append(append(buf, path...), " HTTP/1.1\r\n"...))
	if h.Key != "" {
		buf = append(buf, "Idempotency-Key: "...)
		buf = strconv.AppendUint(append(buf, h.Key...), n, 36)
		buf = append(buf, "\r\n"...)
	}
	buf = append(buf, "Content-Type: application/json\r\nContent-Length: "...)
	buf = strconv.AppendInt(buf, int64(len(body)), 10)
	return append(append(buf, "\r\n\r\n"...), body...)
}

func (h Head) common(buf []byte) []byte {
	buf = append(append(append(buf, "Host: "...), h.Host...), "\r\n"...)
	for _, pair := range [...][2]string{{"Authorization: Bearer ", h.Token}, {"Cookie: ", h.Cookie}, {"Accept: ", h.Accept}} {
		if pair[1] != "" {
			buf = append(append(append(buf, pair[0]...), pair[1]...), "\r\n"...)
		}
	}
	return buf
}
