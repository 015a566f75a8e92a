package rocketcloud

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func FuzzRegisterOffline(f *testing.F) {
	f.Add(base64.StdEncoding.EncodeToString([]byte(`{"siteName":"Example","address":"http://chat.example.test"}`)))
	f.Add("")
	f.Add("bm90IEpTT04=")
	f.Fuzz(func(t *testing.T, data string) {
		cloud, _ := newTestCloud(t)
		blob, err := cloud.RegisterOffline(data)
		if known := len(cloud.Workspaces()); (err == nil) != (known == 1) || (err == nil) == (blob == "") {
			t.Errorf("%d workspaces and the error %v for %q", known, err, data)
		}
	})
}

func FuzzServeHTTP(f *testing.F) {
	f.Add("POST", "/api/oauth/clients", "application/json", `{"email":"ops@example.test"}`)
	f.Add("POST", "/api/oauth/token", "application/x-www-form-urlencoded", "grant_type=client_credentials&client_id=a")
	f.Add("GET", "/api/v2/register/workspace/poll?token=%zz", "", "")
	f.Add("POST", "/api/v2/workspaces/x/sync", "application/json", "[")
	f.Fuzz(func(t *testing.T, method, target, contentType, body string) {
		r, err := http.NewRequestWithContext(t.Context(), method, "http://cloud.example.test"+target, strings.NewReader(body))
		if err != nil {
			return // no request that a server would see
		}
		r.Header.Set("Content-Type", contentType)
		r.Header.Set("Authorization", "Bearer "+body)
		cloud, err := New(Config{Clock: &stillClock{now: time.Unix(0, 0)}})
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		cloud.ServeHTTP(w, r)
		if w.Code < 200 || w.Code > 599 {
			t.Errorf("status %d", w.Code)
		}
		if len(cloud.Workspaces()) != 0 {
			t.Error("registered without a token")
		}
	})
}
