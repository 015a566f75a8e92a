package registrationtest_test

import (
	"io"
	"net/http"
	"testing"

	"github.com/rcreg/registration/registrationtest"
)

// BenchmarkStatus is what a fake workspace costs for each request of a status, in process: docs/numbers.md promises at most 15 µs.
func BenchmarkStatus(b *testing.B) {
	for _, version := range []string{"3.0.0", "6.4.0", "6.13.0", "9.0.0"} {
		b.Run(version, func(b *testing.B) {
			fleet := registrationtest.NewFleet(b, 1, registrationtest.InProcess(), registrationtest.WithoutHistory(), registrationtest.WithVersions(version))
			admin := fleet.Workspace(0).Admin()
			client := &http.Client{Transport: fleet.RoundTripper()}
			request, err := http.NewRequest(http.MethodGet, fleet.URL(0)+"/api/v1/cloud.registrationStatus", nil)
			if err != nil {
				b.Fatal(err)
			}
			request.Header.Set("X-User-Id", admin.UserID)
			request.Header.Set("X-Auth-Token", admin.AuthToken)
			b.ReportAllocs()
			for b.Loop() {
				response, err := client.Do(request)
				if err != nil {
					b.Fatal(err)
				}
				_, _ = io.Copy(io.Discard, response.Body)
				_ = response.Body.Close()
			}
		})
	}
}

// BenchmarkNewWorkspace is what a test pays for a workspace with a Cloud of its own: docs/numbers.md promises at most 1 ms.
func BenchmarkNewWorkspace(b *testing.B) {
	for _, version := range []string{"3.0.0", "6.13.0", "9.0.0"} {
		b.Run(version, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				workspace, err := registrationtest.StartWorkspace(version)
				if err != nil {
					b.Fatal(err)
				}
				workspace.Close()
			}
		})
	}
}
