package hostile

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
)

// Flood is a reply without an end, and how much of it went out.
type Flood struct {
	// Sent counts the bytes that the server could get rid of.
	Sent atomic.Int64
	pour func(w http.ResponseWriter, out io.Writer) error
}

// pieces is the size of what is written at a time, in bytes.
const pieces = 4 << 10

// ServeHTTP writes until the reader has gone.
func (f *Flood) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	_ = f.pour(w, counter{w, &f.Sent}) // it ends with an error, always
}

// counter counts what was written and flushes it.
type counter struct {
	w    http.ResponseWriter
	sent *atomic.Int64
}

func (c counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.sent.Add(int64(n))
	if err == nil {
		err = http.NewResponseController(c.w).Flush()
	}
	return n, err
}

// Floods are replies without an end, by name.
func Floods() map[string]*Flood {
	return map[string]*Flood{
		"one text":             body("", `{"success":true,"message":"`, strings.Repeat("a", pieces)),
		"white space":          body("", "", strings.Repeat(" ", pieces)),
		"lists in lists":       body("", `{"success":true,"message":`, strings.Repeat("[", pieces)),
		"objects in objects":   body("", `{"success":true,"a":`, strings.Repeat(`{"a":`, pieces/5)),
		"a list":               body("", `{"success":true,"message":[`, strings.Repeat("{},", pieces/3)),
		"more than announced":  body(strconv.Itoa(1<<40), `{"success":true,"message":"`, strings.Repeat("a", pieces)),
		"a page":               page(),
		"compressed nothing":   compressed(),
		"a head":               head(),
		"replies before reply": informational(),
	}
}

func repeated(out io.Writer, first, again string) error {
	text := []byte(again)
	_, err := io.WriteString(out, first)
	for err == nil {
		_, err = out.Write(text)
	}
	return err
}

func body(length, first, again string) *Flood {
	return &Flood{pour: func(w http.ResponseWriter, out io.Writer) error {
		w.Header().Set("Content-Type", "application/json")
		if length != "" {
			w.Header().Set("Content-Length", length)
		}
		return repeated(out, first, again)
	}}
}

func page() *Flood {
	return &Flood{pour: func(w http.ResponseWriter, out io.Writer) error {
		w.Header().Set("Content-Type", "text/html")
		return repeated(out, "<html>", strings.Repeat("a", pieces))
	}}
}

// compressed is a bomb: a thousand times as much comes out of it as goes in.
func compressed() *Flood {
	return &Flood{pour: func(w http.ResponseWriter, out io.Writer) error {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Encoding", "gzip")
		packed := gzip.NewWriter(out)
		return repeated(packed, `{"success":true,"message":"`, strings.Repeat("a", 64<<10))
	}}
}

// head never comes to its end.
func head() *Flood {
	return raw("HTTP/1.1 200 OK\r\n", "X-Filler: "+strings.Repeat("a", pieces)+"\r\n")
}

// informational never comes to the reply itself.
func informational() *Flood {
	return raw("", "HTTP/1.1 103 Early Hints\r\nLink: <"+strings.Repeat("a", pieces)+">\r\n\r\n")
}

// raw writes past net/http, which would not write such things.
func raw(first, again string) *Flood {
	f := &Flood{}
	f.pour = func(w http.ResponseWriter, _ io.Writer) error {
		connection, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return err
		}
		defer connection.Close()
		return repeated(io.MultiWriter(connection, tally{&f.Sent}), first, again)
	}
	return f
}

type tally struct{ sent *atomic.Int64 }

func (t tally) Write(p []byte) (int, error) {
	t.sent.Add(int64(len(p)))
	return len(p), nil
}

// Amplified is JSON of about the given size that takes many times as much memory once it is decoded.
func Amplified(size int) []byte {
	return append(append([]byte(`{"success":true,"$date":[`), bytes.Repeat([]byte("{},"), (size-40)/3)...), "{}]}"...)
}
