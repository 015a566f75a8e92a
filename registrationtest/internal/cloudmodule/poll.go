package cloudmodule

import (
	"context"
	"net/http"
	"net/url"
	"strings"
)

// poll asks whether a registration by e-mail was confirmed, and stores the grant when it was, whether the workspace is
// registered already or not. The answer is nil when the Cloud had none.
func (m *Module) poll(ctx context.Context, deviceCode string) (any, error) {
	if m.offline() {
		return nil, errOffline
	}
	answer, err := m.fetchPoll(ctx, deviceCode)
	if err != nil {
		return nil, err
	}
	if truthy(property(answer, "successful")) {
		payload := property(answer, "payload")
		if _, absent := payload.(undefined); absent {
			payload = nil
		}
		if err := m.saveGrant(ctx, payload); err != nil {
			return nil, err
		}
	}
	return answer, nil
}

const pollSentence = "Failed to retrieve registration confirmation poll data"

func (m *Module) fetchPoll(ctx context.Context, deviceCode string) (any, error) {
	call := cloudCall{method: http.MethodGet, url: m.cloudURL("/api/v2/register/workspace/poll?token=" + m.pollCode(deviceCode))}
	if m.rel.Since("6.5") {
		return m.fetchPollStatus(ctx, call)
	}
	answer, err := m.getJSON(ctx, call)
	if err == nil && !truthy(answer) {
		err = serverError(pollSentence)
	}
	return answer, err
}

// fetchPollStatus is the way from 6.5: whatever the body says, the sentence has the status.
func (m *Module) fetchPollStatus(ctx context.Context, call cloudCall) (any, error) {
	reply, err := m.send(ctx, call)
	if err != nil {
		return nil, err
	}
	answer, err := m.json(reply)
	if err != nil || !reply.ok() {
		return nil, serverError(pollSentence + ": " + reply.statusText())
	}
	return answer, nil
}

// pollCode is the device code in the query: escaped only since 6.4. Before, the code may change the query.
func (m *Module) pollCode(code string) string {
	if m.rel.Since("6.4") {
		return url.QueryEscape(code)
	}
	code, _, _ = strings.Cut(code, "#")
	var out strings.Builder
	for _, b := range []byte(code) {
		if b <= ' ' || b >= 0x7f || strings.IndexByte(`"<>`, b) >= 0 {
			out.WriteString("%" + strings.ToUpper(string("0123456789abcdef"[b>>4])+string("0123456789abcdef"[b&15])))
			continue
		}
		out.WriteByte(b)
	}
	return out.String()
}
