package cloudmodule_test

import "testing"

func TestStartUp(t *testing.T) {
	t.Parallel()
	sync := []string{askToken, askComms, askToken, askSync, askSupport}
	for _, test := range []struct {
		version, token string
		cloud          answer
		registered     bool
		calls          []string
	}{
		{"4.3.0", "", nil, false, nil},
		{"3.18.0", "token", nil, false, nil}, // these do not look at it
		{"4.3.0", "token", nil, true, []string{askClients}},
		{"6.4.0", "token", nil, true, []string{askClients}},
		{"6.5.0", "token", nil, true, append([]string{askClients, askToken, askSync}, sync...)},
		{"6.4.0", "token", refuse(401, "invalid_token"), false, []string{askClients}},
		{"6.5.0", "token", refuse(401, "invalid_token"), false, []string{askClients}},
		{"6.13.0", "token", refuse(401, "invalid_token"), false, []string{askClients, askSupport}},
	} {
		t.Run(test.version+" "+test.token, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, test.version)
			b.cloud.set("/clients", test.cloud)
			b.module.StartUp(t.Context(), test.token)
			b.wantCalls(test.calls...)
			if b.registered() != test.registered {
				t.Errorf("registered is %v", b.registered())
			}
		})
	}
}

// A workspace that is registered does not spend the token of its environment.
func TestStartUpRegistered(t *testing.T) {
	t.Parallel()
	b := newBench(t, "6.4.0")
	b.connect()
	b.module.StartUp(t.Context(), "token")
	b.wantCalls()
}

// A start on a server whose status fails does nothing.
func TestStartUpWithoutAStatus(t *testing.T) {
	t.Parallel()
	b := newBench(t, "4.8.0")
	b.owner.Emails = []string{}
	b.module.StartUp(t.Context(), "token")
	b.wantCalls()
}
