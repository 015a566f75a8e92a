package cloudmodule_test

import (
	"maps"
	"slices"
	"testing"
)

func TestStatusFields(t *testing.T) {
	t.Parallel()
	old := []string{"connectToCloud", "email", "token", "uniqueId", "workspaceId", "workspaceRegistered"}
	for version, want := range map[string][]string{
		"3.0.0": old, "4.8.0": old, "6.4.0": old,
		"6.5.0": old[1:], "9.0.0": old[1:],
	} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			status, err := newBench(t, version).module.Status()
			if err != nil {
				t.Fatal(err)
			}
			if got := slices.Sorted(maps.Keys(status)); !slices.Equal(got, want) {
				t.Errorf("the status has %v, want %v", got, want)
			}
		})
	}
}

// The status is the workspace's belief: a client id is enough for it up to 4.8, and from 5.4 the secret counts too.
func TestStatusBelief(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]bool{"3.0.0": true, "4.8.0": true, "5.3.0": true, "5.4.0": false, "8.6.1": false} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, version)
			b.settings.Set("Cloud_Workspace_Client_Id", "client")
			if got := b.registered(); got != want {
				t.Errorf("with a client id alone the status says registered: %v, want %v", got, want)
			}
			b.settings.Set("Cloud_Workspace_Client_Secret", "secret")
			if !b.registered() {
				t.Error("with id and secret the status does not say registered")
			}
		})
	}
}

// A wish that is no boolean is stored as it is and comes back.
func TestStatusEchoesTheWish(t *testing.T) {
	t.Parallel()
	b := newBench(t, "5.4.0")
	b.settings.Set("Register_Server", "true")
	status, err := b.module.Status()
	if err != nil || status["connectToCloud"] != "true" {
		t.Errorf("the status is %v, %v, want the text that was stored", status, err)
	}
}

func TestStatusEmail(t *testing.T) {
	t.Parallel()
	const absent = "no key"
	for _, test := range []struct {
		name, version string
		emails        []string
		organization  string
		want          any // nil: the status fails
	}{
		{"the oldest user's", "6.5.0", []string{"ada@example.com"}, "", "ada@example.com"},
		{"the organization's goes first", "4.8.0", []string{"ada@example.com"}, "org@example.com", "org@example.com"},
		{"nobody has one, 6.0", "6.0.0", nil, "", absent},
		{"nobody has one, 6.4", "6.4.0", nil, "", ""},
		{"an empty list, 4.8", "4.8.0", []string{}, "", nil},
		{"an empty list, 4.8, whatever the organization has", "4.8.0", []string{}, "org@example.com", nil},
		{"an empty list, 5.4", "5.4.0", []string{}, "", absent},
		{"an empty list, 6.4", "6.4.0", []string{}, "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, test.version)
			b.owner.Emails = test.emails
			b.settings.Set("Organization_Email", test.organization)
			status, err := b.module.Status()
			if test.want == nil {
				if err == nil {
					t.Errorf("the status is %v, want it to fail", status)
				}
				return
			}
			got, present := status["email"]
			if !present {
				got = absent
			}
			if err != nil || got != test.want {
				t.Errorf("the e-mail is %q, %v, want %q", got, err, test.want)
			}
		})
	}
}

// What counts as the wish to be connected is JavaScript's idea of true.
func TestWishOfAnotherType(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		wish any
		want bool
	}{{0.0, false}, {1.0, true}, {"", false}, {"false", true}, {nil, false}, {map[string]any{}, true}} {
		b := newBench(t, "4.8.0")
		b.connect()
		b.settings.Set("Register_Server", test.wish)
		if got, err := b.call("syncWorkspace"); err != nil || got != test.want {
			t.Errorf("with the wish %#v sync says %v, %v, want %v", test.wish, got, err, test.want)
		}
	}
}
