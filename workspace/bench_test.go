package workspace_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/rcreg/registration/workspace"
)

// The numbers of BenchmarkGet and BenchmarkBareGet belong together: same server, same reply, same decoding.

func newBenchmarkServer(b *testing.B) *httptest.Server {
	b.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", jsonType)
		_, _ = w.Write([]byte(statusReply))
	}))
	b.Cleanup(server.Close)
	return server
}

func BenchmarkGet(b *testing.B) {
	server := newBenchmarkServer(b)
	client, err := workspace.New(server.URL, workspace.Token("id", authToken))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = client.Close(b.Context()) })
	b.ReportAllocs()
	for b.Loop() {
		var got status
		if err := client.Get(b.Context(), "cloud.registrationStatus", nil, &got); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkBareGet(b *testing.B) {
	server := newBenchmarkServer(b)
	client := &http.Client{} // with http.DefaultTransport, as a program without an SDK would have it
	b.Cleanup(client.CloseIdleConnections)
	b.ReportAllocs()
	for b.Loop() {
		if err := bareGet(b, client, server.URL+"/api/v1/cloud.registrationStatus"); err != nil {
			b.Fatal(err)
		}
	}
}

func bareGet(b *testing.B, client *http.Client, address string) error {
	b.Helper()
	request, err := http.NewRequestWithContext(b.Context(), http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	request.Header.Set("X-User-Id", "id")
	request.Header.Set("X-Auth-Token", authToken)
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	var got status
	return json.NewDecoder(response.Body).Decode(&got)
}
