package inprocess

import (
	"bytes"
	"errors"
	"io"
	"net"
	"sync"
	"time"
)

// newSocket returns the two ends of a connection. What one end writes waits until the other reads it, as in the buffers of the
// network: both may write first, which the ends of a net.Pipe may not.
func newSocket() (server, client net.Conn) {
	up, down := newQueue(), newQueue()
	return &socket{in: up, out: down}, &socket{in: down, out: up}
}

// socket is one end of a connection.
type socket struct{ in, out *queue }

func (s *socket) Read(p []byte) (int, error)  { return s.in.read(p) }
func (s *socket) Write(p []byte) (int, error) { return s.out.write(p) }

// Close ends both directions. The other end still reads what was written before.
func (s *socket) Close() error {
	s.in.close(net.ErrClosed)
	s.out.close(io.EOF)
	return nil
}

func (s *socket) LocalAddr() net.Addr  { return address{} }
func (s *socket) RemoteAddr() net.Addr { return address{} }

// Deadlines are not kept: WebSockets end with their context.

func (s *socket) SetDeadline(time.Time) error      { return errors.ErrUnsupported }
func (s *socket) SetReadDeadline(time.Time) error  { return errors.ErrUnsupported }
func (s *socket) SetWriteDeadline(time.Time) error { return errors.ErrUnsupported }

// address is that of both ends.
type address struct{}

func (address) Network() string { return "tcp" }
func (address) String() string  { return caller }

// queue is one direction of a connection.
type queue struct {
	mu    sync.Mutex
	news  *sync.Cond
	bytes bytes.Buffer
	ended error // what a read returns when nothing is left; nil while the direction is open
}

func newQueue() *queue {
	q := &queue{}
	q.news = sync.NewCond(&q.mu)
	return q
}

func (q *queue) read(p []byte) (int, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.bytes.Len() == 0 && q.ended == nil {
		q.news.Wait()
	}
	if q.bytes.Len() == 0 || errors.Is(q.ended, net.ErrClosed) {
		return 0, q.ended
	}
	return q.bytes.Read(p)
}

func (q *queue) write(p []byte) (int, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.ended != nil {
		return 0, io.ErrClosedPipe
	}
	q.news.Broadcast()
	return q.bytes.Write(p)
}

func (q *queue) close(with error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.ended == nil {
		q.ended = with
	}
	q.news.Broadcast()
}
