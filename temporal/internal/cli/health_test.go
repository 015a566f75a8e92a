package cli_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"testing"
)

func TestHealth(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		sick    error
		healthz int
		readyz  int
	}{{"the server answers", nil, 200, 200}, {"the server is away", errors.New("away"), 200, 503}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := atServer(t)
			s.client.sick = c.sick
			code := s.during("--output json --health-address 127.0.0.1:0", func() {
				address := s.healthAddress()
				for path, want := range map[string]int{"/healthz": c.healthz, "/readyz": c.readyz, "/else": 404} {
					if got := s.get("http://" + address + path); got != want {
						t.Errorf("%s answers %d, want %d", path, got, want)
					}
				}
			})
			if code != 0 {
				t.Errorf("it ends with %d", code)
			}
		})
	}
}

// TestHealthOfAWorkerThatIsEnding keeps it from being given up, and from being counted on.
func TestHealthOfAWorkerThatIsEnding(t *testing.T) {
	t.Parallel()
	s := atServer(t)
	s.worker.onStop = func() {
		address := s.healthAddress()
		if got := s.get("http://" + address + "/healthz"); got != 200 {
			t.Errorf("/healthz answers %d", got)
		}
		if got := s.get("http://" + address + "/readyz"); got != 503 {
			t.Errorf("/readyz answers %d", got)
		}
	}
	s.must(0, "--output json --health-address 127.0.0.1:0")
}

// healthAddress is where a worker has said that it tells its health.
func (s *workerTest) healthAddress() string {
	var v struct {
		HealthAddress string `json:"health_address"`
	}
	if err := json.Unmarshal([]byte(s.stdout.wait()), &v); err != nil {
		s.t.Error(err)
	}
	return v.HealthAddress
}

// get asks, and tells the code of the answer.
func (s *workerTest) get(address string) int {
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	reply, err := client.Get(address)
	if err != nil {
		s.t.Error(err)
		return 0
	}
	_, err = io.Copy(io.Discard, reply.Body)
	if err := errors.Join(err, reply.Body.Close()); err != nil {
		s.t.Error(err)
	}
	return reply.StatusCode
}
