package temporal

import (
	"bytes"
	"sync"
	"testing"
	"time"

	common "go.temporal.io/api/common/v1"

	"github.com/rcreg/registration/registrationtest/faults"
)

// history keeps every payload that enters one, as it was before it was encrypted.
type history struct {
	mu    sync.Mutex
	plain [][]byte
}

func (h *history) Encode(payloads []*common.Payload) ([]*common.Payload, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, payload := range payloads {
		h.plain = append(h.plain, payload.GetData())
	}
	return payloads, nil
}

func (h *history) Decode(payloads []*common.Payload) ([]*common.Payload, error) { return payloads, nil }

// holds counts the payloads in which a text is.
func (h *history) holds(text string) (n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, payload := range h.plain {
		if bytes.Contains(payload, []byte(text)) {
			n++
		}
	}
	return n
}

// TestNoSecretEntersAHistory looks for what a worker reads by reference in all that workflows and activities give each other, before it is encrypted.
func TestNoSecretEntersAHistory(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "8.9.0")
	token, license := w.fake.Cloud().IssueToken(), licenseOf(t, w)
	for _, run := range []struct {
		workflow string
		in       any
	}{
		{RegisterWorkflow, Registration{Workspace: w.entry, Token: secretFile(t, token)}},
		{MoveLicenseWorkflow, LicenseMove{Workspace: w.entry, License: secretFile(t, license)}},
		{RegisterWorkflow, Registration{Workspace: w.entry, Token: secretFile(t, token+"-refused")}},
	} {
		w.ExecuteWorkflow(run.workflow, run.in)
		w.begin(w.Now().Add(time.Minute), w.activities)
	}
	w.fake.SetFault(faults.Fault{Kind: faults.Unauthorized, Side: faults.Workspace, Times: 9})
	w.ExecuteWorkflow(RegisterWorkflow, Registration{Workspace: w.entry, Token: secretFile(t, token)})
	for name, secret := range map[string]string{"registration token": token, "auth token": w.fake.Admin().AuthToken, "license": license} {
		if n := w.history.holds(secret); n != 0 {
			t.Errorf("the %s is in %d payloads", name, n)
		}
	}
	if w.history.holds(w.fake.URL()) < 10 {
		t.Error("the history that was looked at is not that of these workflows")
	}
}

// TestADeviceCodeTravelsEncrypted shows the one secret that a history holds, and that it cannot be read there.
func TestADeviceCodeTravelsEncrypted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "8.9.0")
	w.later(time.Minute, w.confirm)
	if _, err := w.run(RegisterWorkflow, Registration{Workspace: w.entry, Email: "ops@example.com"}); err != nil {
		t.Fatal(err)
	}
	code := w.fake.Cloud().Devices()[0].Code
	if w.history.holds(code) == 0 {
		t.Fatal("no payload holds the device code: look for it elsewhere")
	}
	encoded, err := NewCodec(w.ring).Encode([]*common.Payload{{Data: []byte(code)}})
	if err != nil || bytes.Contains(encoded[0].GetData(), []byte(code)) {
		t.Errorf("%q, %v", encoded[0].GetData(), err)
	}
}
