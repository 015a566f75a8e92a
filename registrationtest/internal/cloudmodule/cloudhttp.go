package cloudmodule

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/rcreg/registration/registrationtest/internal/server"
)

// fetchTimeout is how long a call may take since 6.4, unless it says otherwise. Before, calls wait without end.
const fetchTimeout = 20 * time.Second

// maxAnswer is the largest answer that is read from the Cloud, in bytes.
const maxAnswer = 16 << 20

// cloudCall is one call to the Cloud.
type cloudCall struct {
	method  string
	url     string
	bearer  any        // the token of the Authorization header; nil for none
	json    any        // the body, when not nil
	form    url.Values // the body, when not nil
	timeout time.Duration
}

// cloudReply is what the Cloud answered.
type cloudReply struct {
	url         string
	status      int
	contentType string
	body        []byte
}

func (r *cloudReply) ok() bool { return r.status >= 200 && r.status <= 299 }

func (r *cloudReply) statusText() string { return http.StatusText(r.status) }

// json decodes the body whatever its type, as fetch does.
func (m *Module) json(r *cloudReply) (any, error) {
	value, err := server.ParseJSON(m.rel, string(r.body))
	if err != nil {
		return nil, &fetchError{kind: "invalid-json", message: "invalid json response body at " + r.url + " reason: " + err.Error()}
	}
	return value, nil
}

// data is the decoded body, or nil when it is no JSON, as the older HTTP client has it.
func (r *cloudReply) data() any {
	kind, _, _ := mime.ParseMediaType(r.contentType)
	var value any
	if !strings.Contains(kind, "json") && !strings.Contains(kind, "javascript") {
		return nil
	}
	if json.Unmarshal(r.body, &value) != nil {
		return nil
	}
	return value
}

// send makes one call. Its error is a *fetchError.
func (m *Module) send(ctx context.Context, call cloudCall) (*cloudReply, error) {
	ctx, cancel := m.working(ctx)
	defer cancel()
	timeout := m.timeoutOf(call)
	if timeout > 0 {
		var stop context.CancelFunc
		ctx, stop = context.WithTimeout(ctx, timeout)
		defer stop()
	}
	request, err := newRequest(ctx, call)
	if err != nil {
		return nil, &fetchError{kind: "system", message: "Only absolute URLs are supported"}
	}
	started := m.clock.Now()
	reply, err := m.exchange(request)
	// A clock that is moved by hand is past the time limit without anybody having waited.
	if timeout > 0 && (ctx.Err() != nil || m.clock.Now().Sub(started) > timeout) {
		return nil, &fetchError{kind: "aborted", message: "The user aborted a request."}
	}
	if err != nil {
		return nil, &fetchError{kind: "system", message: "request to " + call.url + " failed, reason: socket hang up"}
	}
	return reply, nil
}

func (m *Module) timeoutOf(call cloudCall) time.Duration {
	switch {
	case m.rel.Before("6.4"):
		return 0
	case call.timeout > 0:
		return call.timeout
	}
	return fetchTimeout
}

// working returns the context of work for a caller: the server goes on when the caller has left, until it is closed.
func (m *Module) working(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := m.atEnd(cancel)
	return ctx, func() {
		stop()
		cancel()
	}
}

func newRequest(ctx context.Context, call cloudCall) (*http.Request, error) {
	var (
		body        io.Reader
		contentType string
	)
	switch {
	case call.json != nil:
		raw, err := json.Marshal(call.json)
		if err != nil {
			return nil, err
		}
		body, contentType = bytes.NewReader(raw), "application/json"
	case call.form != nil:
		body, contentType = strings.NewReader(call.form.Encode()), "application/x-www-form-urlencoded"
	}
	request, err := http.NewRequestWithContext(ctx, call.method, call.url, body)
	if err != nil {
		return nil, err
	}
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	if call.bearer != nil {
		request.Header.Set("Authorization", "Bearer "+text(call.bearer))
	}
	return request, nil
}

func (m *Module) exchange(request *http.Request) (*cloudReply, error) {
	response, err := m.http.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return nil, err
	}
	return &cloudReply{
		url:         request.URL.String(),
		status:      response.StatusCode,
		contentType: response.Header.Get("Content-Type"),
		body:        body,
	}, nil
}

// meteorHTTP makes a call with the HTTP client of the releases up to 6.0: an error status is an error, and a body that
// is no JSON is nil.
func (m *Module) meteorHTTP(ctx context.Context, call cloudCall) (any, error) {
	reply, err := m.send(ctx, call)
	if err != nil {
		return nil, err
	}
	if reply.status >= http.StatusBadRequest {
		return nil, &statusError{reply: reply}
	}
	return reply.data(), nil
}

// fetchJSON makes a call the way most code does since 6.4: the error of a refusal is the code in its body, and a body
// that is no JSON is an error.
func (m *Module) fetchJSON(ctx context.Context, call cloudCall) (any, error) {
	reply, err := m.send(ctx, call)
	if err != nil {
		return nil, err
	}
	value, err := m.json(reply)
	if err != nil {
		return nil, err
	}
	if reply.ok() {
		return value, nil
	}
	code, err := m.readProperty(value, "error")
	if err != nil {
		return nil, err
	}
	return nil, plainError(code)
}

// getJSON is the call of the release: fetchJSON since 6.4, meteorHTTP before.
func (m *Module) getJSON(ctx context.Context, call cloudCall) (any, error) {
	if m.rel.Since("6.4") {
		return m.fetchJSON(ctx, call)
	}
	return m.meteorHTTP(ctx, call)
}
