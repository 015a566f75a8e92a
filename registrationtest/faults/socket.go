package faults

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
)

// clientSocket is the client's end of a WebSocket whose frames are watched on the way.
type clientSocket struct {
	io.ReadWriteCloser
	talk *talk
	left []byte // for the next Read

	mu    sync.Mutex
	ended error  // what Read returns when left is empty
	last  []byte // what comes before that
}

// Write sends what is passed on. That the connection has ended shows at the next Read, as it mostly does.
func (c *clientSocket) Write(from []byte) (int, error) {
	pass, end := c.talk.fromClient(from)
	if len(pass) > 0 {
		if _, err := c.ReadWriteCloser.Write(pass); err != nil {
			return 0, err
		}
	}
	c.end(end)
	return len(from), nil
}

func (c *clientSocket) Read(into []byte) (int, error) {
	for len(c.left) == 0 {
		n, err := c.ReadWriteCloser.Read(into) // fails once the connection has ended
		pass, end := c.talk.fromServer(into[:n])
		c.left = append(c.left, pass...)
		c.end(end)
		last, ended := c.ending()
		c.left = append(c.left, last...)
		switch {
		case len(c.left) > 0:
		case ended != nil:
			return 0, ended
		case err != nil:
			return 0, err
		}
	}
	n := copy(into, c.left)
	c.left = c.left[n:]
	return n, nil
}

// end ends the connection in the way of a kind.
func (c *clientSocket) end(kind Kind) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch kind {
	case Reset:
		c.ended = connectionReset()
	case Timeout:
		c.ended = context.DeadlineExceeded
	case SocketClosed:
		c.ended, c.last = io.EOF, closeFrame()
	default:
		return
	}
	_ = c.Close()
}

// ending returns what is read at the end, once, and how it ends; no error while it goes on.
func (c *clientSocket) ending() (last []byte, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	last, c.last = c.last, nil
	return last, c.ended
}

// hijackedWriter watches the connection that a handler takes over.
type hijackedWriter struct {
	http.ResponseWriter
	watch *talk
}

// Unwrap lets http.ResponseController reach everything but the hijacking.
func (w *hijackedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Hijack implements http.Hijacker.
func (w *hijackedWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffered, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	early, _ := buffered.Peek(buffered.Reader.Buffered())
	watched := &serverConn{Conn: conn, talk: w.watch, from: io.MultiReader(bytes.NewReader(bytes.Clone(early)), conn)}
	return watched, bufio.NewReadWriter(bufio.NewReader(watched), bufio.NewWriter(watched)), nil
}

// serverConn is the server's end of a WebSocket whose frames are watched.
type serverConn struct {
	net.Conn
	talk *talk
	from io.Reader // the connection, after what came early
	left []byte    // for the next Read
}

// Write sends what is passed on. A server does not learn that its client is gone before it reads.
func (c *serverConn) Write(from []byte) (int, error) {
	pass, end := c.talk.fromServer(from)
	if len(pass) > 0 {
		if _, err := c.Conn.Write(pass); err != nil {
			return 0, err
		}
	}
	_ = c.end(end)
	return len(from), nil
}

func (c *serverConn) Read(into []byte) (int, error) {
	for len(c.left) == 0 {
		n, err := c.from.Read(into)
		pass, end := c.talk.fromClient(into[:n])
		c.left = append(c.left, pass...)
		if ended := c.end(end); err == nil {
			err = ended
		}
		if err != nil && len(c.left) == 0 {
			return 0, err
		}
	}
	n := copy(into, c.left)
	c.left = c.left[n:]
	return n, nil
}

// end ends the connection in the way of a kind. A late reply leaves it open: it is the client that gives up.
func (c *serverConn) end(kind Kind) error {
	switch kind {
	case Reset:
		reset(c.Conn)
	case SocketClosed:
		_, _ = c.Conn.Write(closeFrame())
		_ = c.Close()
	default:
		return nil
	}
	return errors.New("the connection has ended")
}
