package cloudmodule_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"
)

func blob(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

func goodGrant() string { return grantJSON(1, `,"licenseData":{"license":"`+license+`"}`) }

func TestManualRegister(t *testing.T) {
	t.Parallel()
	text := blob(goodGrant())
	for name, good := range map[string]string{
		"plain":      text,
		"both":       blob(strings.Replace(goodGrant(), "Example", ">>>???ÿ 0189", 1)),
		"no padding": strings.TrimRight(text, "="),
		"newlines":   text[:40] + "\n" + text[40:80] + "\r\n " + text[80:],
		"url":        strings.NewReplacer("+", "-", "/", "_").Replace(blob(strings.Replace(goodGrant(), "Example", ">>>???ÿ", 1))),
		"trailing":   blob(goodGrant()+"   ") + "=ignored",
	} {
		for _, version := range []string{"3.1.0", "4.3.0", "6.4.0", "6.5.0", "8.6.1"} {
			t.Run(name+" "+version, func(t *testing.T) {
				t.Parallel()
				b := newBench(t, version)
				if _, err := b.rest("cloud.manualRegister", map[string]any{"cloudBlob": good}); err != nil {
					t.Fatal(err)
				}
				b.wantCalls()
				b.wantSettings(map[string]any{"Cloud_Workspace_Id": "ws-1", "Cloud_Workspace_Client_Secret": "secret-1", "Register_Server": true})
				if !b.registered() || b.module.License() != license {
					t.Errorf("registered %v, with the license %q", b.registered(), b.module.License())
				}
			})
		}
	}
}

// C1: only manualRegister refuses on a registered workspace, and does so before it decodes.
func TestC1ManualRegisterWhileRegistered(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"3.1.0", "6.0.0", "8.6.1"} {
		b := newBench(t, version)
		b.connect()
		for _, text := range []string{blob(goodGrant()), "@@@"} {
			if _, err := b.rest("cloud.manualRegister", map[string]any{"cloudBlob": text}); sentence(err) != "Workspace is already registered" {
				t.Errorf("%s: the error is %v", version, err)
			}
		}
	}
}

// C2: 3.0 looks at the wish: fresh, it refuses; after a disconnect it accepts.
func TestC2ManualRegister30(t *testing.T) {
	t.Parallel()
	b := newBench(t, "3.0.0")
	text := map[string]any{"cloudBlob": blob(goodGrant())}
	if _, err := b.rest("cloud.manualRegister", text); sentence(err) != "Workspace is already registered" {
		t.Errorf("fresh, the error is %v", err)
	}
	b.connect()
	if _, err := b.call("disconnectWorkspace"); err != nil {
		t.Fatal(err)
	}
	if _, err := b.rest("cloud.manualRegister", text); err != nil {
		t.Errorf("after a disconnect, the error is %v", err)
	}
}

// A11: a blob without credentials is a success that registers nothing.
func TestA11BlobWithoutCredentials(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"client_id", "client_secret"} {
		text := blob(strings.Replace(goodGrant(), `"`+key+`"`, `"x"`, 1))
		for _, test := range []struct {
			version string
			fails   bool
			wait    time.Duration
		}{
			{"3.1.0", true, 0}, // the database driver
			{"3.18.0", false, 0},
			{"6.4.0", false, 0},
			{"6.5.0", false, 10 * time.Second},
			{"8.6.1", false, 10 * time.Second},
		} {
			t.Run(key+" "+test.version, func(t *testing.T) {
				t.Parallel()
				b := newBench(t, test.version)
				_, err := b.rest("cloud.manualRegister", map[string]any{"cloudBlob": text})
				if (err != nil) != test.fails {
					t.Errorf("the error is %v", err)
				}
				b.wantSettings(map[string]any{"Cloud_Workspace_Id": "ws-1"})
				if registered := b.registered(); registered && (key == "client_id" || test.version > "5") {
					t.Error("the workspace is registered")
				}
				if waited := b.clock.Now().Sub(startTime); waited != test.wait {
					t.Errorf("the server waited %v, want %v", waited, test.wait)
				}
			})
		}
	}
}

// B6, B7: failures that have stored something all the same.
func TestB6B7BlobsThatFail(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, blob, version, want string
		registered, wish          bool
	}{
		{"B6 no licenseData", blob(grantJSON(1, "")), "4.8.0", "Cannot read property 'license' of undefined", true, true},
		{"B6 no licenseData", blob(grantJSON(1, "")), "8.6.1", "Cannot read properties of undefined (reading 'license')", true, true},
		{"B6 null licenseData", blob(grantJSON(1, `,"licenseData":null`)), "6.4.0", "Cannot read property 'license' of null", true, true},
		{"B6 bad license", blob(grantJSON(1, `,"licenseData":{"license":"bad"}`)), "6.4.0", "", true, true},
		{"B6 bad license", blob(grantJSON(1, `,"licenseData":{"license":"bad"}`)), "6.5.0", "Invalid license", true, true},
		{"B7 {}", blob("{}"), "3.18.0", "Cannot read property 'license' of undefined", false, true},
		{"B7 []", blob("[]"), "6.13.0", "Cannot read property 'license' of undefined", false, true},
		{"B7 a text", blob(`"x"`), "6.4.0", "Cannot read property 'license' of undefined", false, true},
		{"null", blob("null"), "4.8.0", "Cannot destructure property 'workspaceId' of '_ref' as it is null.", false, false},
		{"no JSON", blob("hello"), "6.5.0", "Unexpected token h in JSON at position 0", false, false},
		{"empty", "", "6.5.0", "Unexpected end of JSON input", false, false},
		{"six bits", "A", "6.5.0", "Unexpected end of JSON input", false, false},
	} {
		t.Run(test.name+" "+test.version, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, test.version)
			_, err := b.rest("cloud.manualRegister", map[string]any{"cloudBlob": test.blob})
			if sentence(err) != test.want {
				t.Errorf("the error is %v, want %s", err, test.want)
			}
			if b.registered() != test.registered {
				t.Errorf("registered is %v", b.registered())
			}
			b.wantSettings(map[string]any{"Register_Server": test.wish})
		})
	}
}

// B7: the registration data pasted back is no grant.
func TestB7RegistrationDataPastedBack(t *testing.T) {
	t.Parallel()
	b := newBench(t, "6.4.0")
	data, err := b.call("getWorkspaceRegisterData")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.rest("cloud.manualRegister", map[string]any{"cloudBlob": data}); err == nil || b.registered() {
		t.Errorf("the error is %v, and registered is %v", err, b.registered())
	}
	b.wantSettings(map[string]any{"Register_Server": true})
}

// Whatever is pasted, the module answers, and never registers without credentials.
func FuzzManualRegister(f *testing.F) {
	for _, seed := range []string{"", "@@@", blob("{}"), blob("null"), blob(goodGrant()), blob(`{"client_id":5,"client_secret":{}}`), "e30=e30="} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, version := range []string{"3.1.0", "6.4.0", "8.6.1"} {
			b := newBench(t, version)
			_, err := b.rest("cloud.manualRegister", map[string]any{"cloudBlob": text})
			if err == nil && b.settings.Stored("Register_Server") != true {
				t.Errorf("%s: a success of %q did not even store the wish", version, text)
			}
		}
	})
}
