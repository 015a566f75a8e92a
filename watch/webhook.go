package watch

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/clock"
	"github.com/rcreg/registration/internal/httpclient"
	"github.com/rcreg/registration/internal/outcome"
	"github.com/rcreg/registration/internal/plain"
	"github.com/rcreg/registration/workspace"
)

// Webhook tells events to an address: as {"text": "…"}, which an incoming webhook of Rocket.Chat takes, and others do.
//
//	hook, err := watch.NewWebhook(address)
//	w, err := watch.New(list, watch.WithTeller(hook.Tell))
//
// Make one with [NewWebhook]. The address is a secret: it is in no error.
type Webhook struct {
	address cloud.Secret
	client  *http.Client
	clock   workspace.Clock
}

// WebhookOption changes how a [Webhook] works.
type WebhookOption func(*Webhook) error

// WithWebhookTransport sends through another transport than one that honours HTTP_PROXY and HTTPS_PROXY.
func WithWebhookTransport(base http.RoundTripper) WebhookOption {
	return func(h *Webhook) error {
		if base == nil {
			return errors.New("the transport is nil")
		}
		h.client.Transport = base
		return nil
	}
}

// webhookTimeout is how long a message may take.
const webhookTimeout = 15 * time.Second

// NewWebhook returns a webhook; it sends nothing. Errors: [registration.ErrInvalidInput] for an address that is no http or https URL with a host.
func NewWebhook(address cloud.Secret, options ...WebhookOption) (*Webhook, error) {
	u, err := url.Parse(address.Reveal())
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, invalid(errors.New("the address of the webhook is no http or https URL"), failure.Ways(failure.CorrectOption))
	}
	h := &Webhook{address: address, clock: clock.System(), client: &http.Client{
		Transport: httpclient.DefaultTransport(), Timeout: webhookTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // the message is for this address alone
	}}
	for _, option := range options {
		if option == nil {
			return nil, invalid(errors.New("an option is nil"), failure.Ways(failure.CorrectOption))
		}
		if err := option(h); err != nil {
			return nil, invalid(err, failure.Ways(failure.CorrectOption))
		}
	}
	return h, nil
}

// Tell sends one message with all events. Errors: [*DeliveryError], which has neither the address nor what was answered.
func (h *Webhook) Tell(ctx context.Context, events []Event) error {
	switch {
	case h == nil || h.client == nil:
		return invalid(errors.New("the webhook is empty"), failure.Way(failure.MakeClient, "watch.NewWebhook"))
	case ctx == nil:
		return invalid(errors.New("the context is nil"), failure.Ways(failure.GiveContext))
	}
	body, err := json.Marshal(map[string]string{"text": Message(events)})
	if err != nil {
		return &DeliveryError{Reason: err.Error()}
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, h.address.Reveal(), bytes.NewReader(body))
	if err != nil {
		return &DeliveryError{Reason: "the request could not be made"}
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "rcreg")
	reply, err := h.client.Do(request)
	if err != nil {
		return &DeliveryError{Reason: withoutAddress(err)}
	}
	defer func() { _ = reply.Body.Close() }()
	const enough = 64 << 10 // so that the connection can be used again
	_, _ = io.Copy(io.Discard, io.LimitReader(reply.Body, enough))
	if reply.StatusCode/100 != 2 {
		return &DeliveryError{Reason: fmt.Sprintf("the webhook answers with HTTP %d", reply.StatusCode), RetryAt: h.retryAt(reply.Header.Get("Retry-After"))}
	}
	return nil
}

// CloseIdleConnections drops the connection that waits for another message.
func (h *Webhook) CloseIdleConnections() {
	if h != nil && h.client != nil {
		h.client.CloseIdleConnections()
	}
}

// withoutAddress is why a request failed: net/http puts the whole address in front.
func withoutAddress(err error) string {
	if failed := (*url.Error)(nil); errors.As(err, &failed) {
		if failed.Timeout() {
			return "the webhook did not answer in time"
		}
		err = failed.Err
	}
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) { // the innermost names no address
		err = inner
	}
	return "the webhook could not be reached: " + err.Error()
}

// retryAt reads a Retry-After, in seconds or as a date, within a day.
func (h *Webhook) retryAt(text string) time.Time {
	const longest = 24 * time.Hour
	now := h.clock.Now()
	var at time.Time
	if seconds, err := strconv.Atoi(text); err == nil && seconds > 0 && seconds <= int(longest/time.Second) {
		at = now.Add(time.Duration(seconds) * time.Second)
	} else if date, err := http.ParseTime(text); err == nil {
		at = date
	}
	if at.Before(now) || at.Sub(now) > longest {
		return time.Time{}
	}
	return at
}

// mostLines bounds a message.
const mostLines = 20

// Message says events to people: what has become worse first, and what is the same of several workspaces once.
func Message(events []Event) string {
	var worse, mended []Event
	for _, e := range events {
		if e.Mended {
			mended = append(mended, e)
		} else {
			worse = append(worse, e)
		}
	}
	var text strings.Builder
	fmt.Fprintf(&text, "rcreg watch: %d worse, %d mended", len(worse), len(mended))
	lines := append(linesOf(":warning: ", worse), linesOf(":white_check_mark: ", mended)...)
	for i, line := range lines {
		if i == mostLines {
			fmt.Fprintf(&text, "\n… and %d more: see the page of the watch", len(lines)-mostLines)
			break
		}
		text.WriteString("\n" + line)
	}
	return text.String()
}

// linesOf has a line for all events that are the same, but for their details.
func linesOf(sign string, events []Event) []string {
	type same struct {
		name   Name
		advice string
	}
	places := map[same][]Event{}
	var order []same
	for _, e := range events {
		key := same{e.Name, e.Advice}
		if places[key] == nil {
			order = append(order, key)
		}
		places[key] = append(places[key], e)
	}
	lines := make([]string, len(order))
	for i, key := range order {
		of := places[key]
		who := of[0].Workspace + " (" + of[0].URL + ")"
		if len(of) > 1 {
			names := make([]string, len(of))
			for j, e := range of {
				names[j] = e.Workspace
			}
			who = fmt.Sprintf("%d workspaces (%s)", len(of), outcome.Some(names))
		}
		if slices.ContainsFunc(of, func(e Event) bool { return e.Text != of[0].Text }) {
			who += ", such as " + of[0].Workspace
		}
		lines[i] = sign + harmless(who+": "+of[0].Text)
		if key.advice != "" {
			lines[i] += ". *Next:* " + harmless(key.advice)
		}
	}
	return lines
}

// harmless keeps what a workspace says of itself from calling everybody in a channel, and from breaking the line.
func harmless(text string) string {
	return strings.NewReplacer("@", "＠", "`", "'", "![", "[").Replace(plain.Text(text))
}
