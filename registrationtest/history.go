package registrationtest

import (
	"bytes"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/rcreg/registration/internal/clock"
	"github.com/rcreg/registration/registrationtest/internal/redact"
)

// maxBody is how much of a request's body the history keeps, in bytes.
const maxBody = 1 << 20

// maxHistory is how many exchanges a history keeps: a simulation may run for weeks.
const maxHistory = 10_000

// Exchange is one request that a fake server was asked, in its history. Secrets are replaced with "[redacted]".
type Exchange struct {
	Time   time.Time   // when the request arrived
	Method string      // such as "POST"
	Path   string      // such as "/api/oauth/token", escaped as it was sent
	Query  string      // without the question mark, escaped as it was sent
	Header http.Header // of the request
	Body   []byte      // of the request, up to 1 MiB
	Status int         // of the answer; 0 while there is none, and when the connection was dropped instead
}

// recorder keeps the history of one server.
type recorder struct {
	clock clock.Clock

	mu      sync.Mutex
	entries []*Exchange
}

// wrap records what next is asked, in the order of arrival. Of a history that is full, the older half goes.
func (r *recorder) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, rest := peek(req.Body)
		req.Body = rest
		entry := &Exchange{
			Time:   r.clock.Now(),
			Method: req.Method,
			Path:   req.URL.EscapedPath(),
			Query:  req.URL.RawQuery,
			Header: redact.Header(req.Header),
			Body:   redact.Body(req.Header.Get("Content-Type"), body),
		}
		r.mu.Lock()
		r.entries = append(r.entries, entry)
		if len(r.entries) > maxHistory {
			r.entries = append([]*Exchange(nil), r.entries[len(r.entries)/2:]...)
		}
		r.mu.Unlock()
		answer := &answerRecorder{ResponseWriter: w, note: func(status int) {
			r.mu.Lock()
			defer r.mu.Unlock()
			entry.Status = status
		}}
		next.ServeHTTP(answer, req) // a handler that drops the connection panics and leaves the status 0
		answer.answered(http.StatusOK)
	})
}

// peek reads the first maxBody bytes of a body, and returns a body that still has them all.
func peek(body io.ReadCloser) ([]byte, io.ReadCloser) {
	if body == nil {
		return nil, nil
	}
	var head bytes.Buffer
	_, err := io.Copy(&head, io.LimitReader(body, maxBody))
	var rest io.Reader = body
	if err != nil {
		rest = failingReader{err}
	}
	return head.Bytes(), struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(head.Bytes()), rest), body}
}

type failingReader struct{ err error }

func (r failingReader) Read([]byte) (int, error) { return 0, r.err }

// history returns a copy of what was asked so far.
func (r *recorder) history() []Exchange {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := make([]Exchange, len(r.entries))
	for i, entry := range r.entries {
		list[i] = *entry
		list[i].Header = entry.Header.Clone()
		list[i].Body = bytes.Clone(entry.Body)
	}
	return list
}

// clear forgets what was asked so far.
func (r *recorder) clear() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.entries = nil
}

// answerRecorder notes the status of an answer before the client can see it.
type answerRecorder struct {
	http.ResponseWriter
	note func(status int)
	done bool
}

func (a *answerRecorder) answered(status int) {
	if !a.done {
		a.done = true
		a.note(status)
	}
}

func (a *answerRecorder) WriteHeader(status int) {
	a.answered(status)
	a.ResponseWriter.WriteHeader(status)
}

func (a *answerRecorder) Write(body []byte) (int, error) {
	a.answered(http.StatusOK)
	return a.ResponseWriter.Write(body)
}

// Unwrap lets http.ResponseController and WebSocket upgrades reach the connection.
func (a *answerRecorder) Unwrap() http.ResponseWriter { return a.ResponseWriter }
