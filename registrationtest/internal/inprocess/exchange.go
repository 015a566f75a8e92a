package inprocess

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"syscall"
	"time"
)

// exchange is one request's answer while the handler writes it. The handler's goroutine alone uses it until done is closed.
type exchange struct {
	header  http.Header
	status  int         // 0 until the header is written
	sent    http.Header // the header as it was then
	body    bytes.Buffer
	flushed bool     // the client has seen the header
	aborted bool     // the connection was dropped
	socket  net.Conn // the client's end, once the handler has taken the connection over
	done    chan struct{}
}

func newExchange() *exchange {
	return &exchange{header: http.Header{}, done: make(chan struct{})}
}

func (e *exchange) Header() http.Header { return e.header }

func (e *exchange) WriteHeader(status int) {
	if e.status != 0 {
		return
	}
	e.status, e.sent = status, e.header.Clone()
}

func (e *exchange) Write(p []byte) (int, error) {
	if e.socket != nil {
		return 0, http.ErrHijacked
	}
	e.WriteHeader(http.StatusOK)
	return e.body.Write(p)
}

// Flush lets the client see what was written, even if the connection is dropped later.
func (e *exchange) Flush() {
	e.WriteHeader(http.StatusOK)
	e.flushed = true
}

// Hijack gives the handler a connection to the client, once it has said that it switches protocols.
func (e *exchange) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	switch {
	case e.socket != nil:
		return nil, nil, http.ErrHijacked
	case e.status != http.StatusSwitchingProtocols:
		return nil, nil, http.ErrNotSupported
	}
	server, client := newSocket()
	e.socket = client
	close(e.done)
	return server, bufio.NewReadWriter(bufio.NewReader(server), bufio.NewWriter(server)), nil
}

// finish ends the exchange when the handler returns, or panics as handlers do that drop the connection.
func (e *exchange) finish() {
	if cause := recover(); cause != nil {
		if err, ok := cause.(error); !ok || !errors.Is(err, http.ErrAbortHandler) {
			panic(cause)
		}
		e.aborted = true
	}
	if e.socket != nil {
		return // the client has its answer, and the socket
	}
	if !e.aborted {
		e.WriteHeader(http.StatusOK)
	}
	close(e.done)
}

// abandon closes the socket of a client that has left meanwhile.
func (e *exchange) abandon() {
	<-e.done
	if e.socket != nil {
		_ = e.socket.Close() // it has no error to tell
	}
}

// answer is what the client gets.
func (e *exchange) answer(r *http.Request) (*http.Response, error) {
	if e.aborted && !e.flushed {
		return nil, &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)}
	}
	response := &http.Response{
		Status:        strconv.Itoa(e.status) + " " + http.StatusText(e.status),
		StatusCode:    e.status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        e.sent,
		Request:       r,
		ContentLength: -1,
	}
	if e.socket != nil {
		response.Body = e.socket
		return response, nil
	}
	e.describe(response)
	response.Body = e.read(r)
	return response, nil
}

// describe adds what a server says about a body that the handler has said nothing about.
func (e *exchange) describe(response *http.Response) {
	if response.Header.Get("Content-Type") == "" && e.body.Len() > 0 {
		response.Header.Set("Content-Type", http.DetectContentType(e.body.Bytes()))
	}
	if response.Header.Get("Content-Length") == "" {
		response.Header.Set("Content-Length", strconv.Itoa(e.body.Len()))
	}
	if response.Header.Get("Date") == "" {
		response.Header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	}
	if length, err := strconv.ParseInt(response.Header.Get("Content-Length"), 10, 64); err == nil {
		response.ContentLength = length
	}
}

// read is the body, which ends early when the connection was dropped.
func (e *exchange) read(r *http.Request) io.ReadCloser {
	switch {
	case r.Method == http.MethodHead:
		return http.NoBody
	case e.aborted:
		return io.NopCloser(io.MultiReader(&e.body, cut{}))
	}
	return io.NopCloser(&e.body)
}

// cut is the end of a body that is not whole.
type cut struct{}

func (cut) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
