package registrationtest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/rcreg/registration/registrationtest/internal/licenses"
)

// rest replays a call over HTTP: an endpoint's or a method.call.
func (p *play) rest(step *recording) []string {
	if step.First != nil {
		return p.twoAtOnce(step)
	}
	reply, err := p.send(step)
	if step.Response.ClientError != "" {
		return p.gaveUp(step, err)
	}
	if err != nil {
		return []string{fmt.Sprintf("no reply: %v", err)}
	}
	return p.compareReply(step, reply)
}

// gaveUp checks that there was no reply where the recording's client did not wait any longer.
func (p *play) gaveUp(step *recording, err error) []string {
	if err == nil {
		return []string{"a reply, want none: " + step.Response.ClientError}
	}
	return nil
}

// httpReply is what the fake answered.
type httpReply struct {
	status int
	header http.Header
	body   []byte
}

// send sends the recorded request.
func (p *play) send(step *recording) (httpReply, error) {
	ctx, cancel := context.WithCancel(p.t.Context())
	defer cancel()
	p.giveUp = cancel
	body := p.requestBody(step)
	var reader io.Reader
	if body != nil {
		reader = bytes.NewReader(body)
	}
	request, err := http.NewRequestWithContext(ctx, step.Request.Method, p.workspace.URL()+step.Request.Path, reader)
	if err != nil {
		return httpReply{}, err
	}
	p.setHeaders(request.Header, step)
	response, err := p.http.Do(request)
	if err != nil {
		return httpReply{}, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return httpReply{response.StatusCode, response.Header, text}, err
}

// twoAtOnce sends the same call for an earlier token first. The recorded ones overlapped; one after the other they have
// the same outcome each time: the last one wins.
func (p *play) twoAtOnce(step *recording) []string {
	first := *step
	first.Request.Body = bytes.ReplaceAll(step.Request.Body, []byte("good-token-2"), []byte("good-token"))
	if _, err := p.send(&first); err != nil {
		return []string{fmt.Sprintf("no reply: %v", err)}
	}
	reply, err := p.send(step)
	if err != nil {
		return []string{fmt.Sprintf("no reply: %v", err)}
	}
	return p.compareReply(step, reply)
}

// account maps a recorded caller to one of the fake's.
func (p *play) account(as string) Account {
	switch as {
	case "mgr":
		return p.workspace.Manager()
	case "viewer":
		return p.workspace.Viewer()
	case "user":
		return p.workspace.User()
	default:
		return p.workspace.Admin()
	}
}

// setHeaders sends the recorded headers, with the credentials of the fake's accounts.
func (p *play) setHeaders(header http.Header, step *recording) {
	account := p.account(step.Request.As)
	// Sorted, so that a header that a step wrote in small letters outweighs the usual one.
	for _, name := range slices.Sorted(maps.Keys(step.Request.Headers)) {
		value := step.Request.Headers[name]
		switch {
		case strings.EqualFold(name, "X-User-Id") && value != "nobody":
			value = account.UserID
		case strings.EqualFold(name, "X-Auth-Token") && value != "nope":
			value = account.AuthToken
		case strings.EqualFold(name, "X-2FA-Code"):
			value = secondFactor(value, account)
		}
		header.Set(name, value)
	}
}

// secondFactor maps a recorded code: the password of every recorded account was "pass".
func secondFactor(code string, account Account) string {
	switch code {
	case "pass":
		return account.Password
	case hexSHA256("pass"):
		return hexSHA256(account.Password)
	default:
		return code
	}
}

func hexSHA256(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// requestBody is the recorded body, for this Cloud: licenses and offline answers are its own.
func (p *play) requestBody(step *recording) []byte {
	raw := step.Request.Body
	if len(raw) == 0 || string(raw) == "null" {
		return nil
	}
	var text string
	if json.Unmarshal(raw, &text) == nil { // what is not a JSON object was recorded as its text
		if blob, ok := strings.CutPrefix(text, "cloudBlob="); ok {
			text = "cloudBlob=" + p.formAnswer(blob)
		}
		return []byte(text)
	}
	for name, license := range p.licenses() {
		raw = bytes.ReplaceAll(raw, []byte(name), []byte(license))
	}
	var body map[string]any
	if json.Unmarshal(raw, &body) != nil {
		return raw
	}
	blob, ok := body["cloudBlob"].(string)
	if !ok {
		return raw
	}
	body["cloudBlob"] = p.offlineAnswer(blob)
	rewritten, err := json.Marshal(body)
	if err != nil {
		p.t.Fatal(err)
	}
	return rewritten
}

var (
	recordedCloudURL = regexp.MustCompile(`http://127\.0\.0\.1:[0-9]+`)
	recordedLicense  = regexp.MustCompile(`RCV3_[\w.-]+`)
	recordedID       = regexp.MustCompile(`"workspaceId":"ws-([0-9]+)"`)
)

// offlineAnswer rewrites a recorded answer of the Cloud for this one, which has to know the workspace, in the encoding
// of the recording.
func (p *play) offlineAnswer(blob string) string {
	encoding := base64.StdEncoding
	if strings.ContainsAny(blob, "-_") {
		encoding = base64.RawURLEncoding
	}
	text, err := encoding.DecodeString(blob)
	if err != nil || !recordedCloudURL.Match(text) {
		return blob
	}
	if id := recordedID.FindSubmatch(text); id != nil {
		number, _ := strconv.Atoi(string(id[1]))
		for len(p.cloud.Workspaces()) < number {
			if _, err := p.cloud.RegisterOffline(base64.StdEncoding.EncodeToString([]byte(`{"siteName":"Example Workspace"}`))); err != nil {
				p.t.Fatal(err)
			}
		}
	}
	text = recordedCloudURL.ReplaceAll(text, []byte(p.cloud.URL()))
	text = recordedLicense.ReplaceAllFunc(text, func(recorded []byte) []byte {
		if licenses.Parse(string(recorded)).Offline() {
			return []byte(p.licenses()[offlinePlace])
		}
		return []byte(p.licenses()[validPlace])
	})
	// Inside the base64 is the workspace's first name; everywhere else the recordings have the second.
	text = bytes.ReplaceAll(text, []byte("Harness WS"), []byte("Example Workspace"))
	return wrapLike(blob, encoding.EncodeToString(text))
}

// formAnswer is offlineAnswer for the field of a form.
func (p *play) formAnswer(field string) string {
	blob, err := url.QueryUnescape(field)
	if err != nil {
		p.t.Fatal(err)
	}
	if blob == field { // it was sent unescaped, and has to survive that
		return strings.NewReplacer("+", "%2B").Replace(p.offlineAnswer(blob))
	}
	return url.QueryEscape(p.offlineAnswer(blob))
}

// wrapLike breaks a text into lines as long as those of the model.
func wrapLike(model, text string) string {
	width := strings.IndexByte(model, '\n')
	if width <= 0 {
		return text
	}
	var lines []string
	for len(text) > width {
		lines = append(lines, text[:width])
		text = text[width:]
	}
	return strings.Join(append(lines, text), "\n")
}
