package registrationtest

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/rcreg/registration/internal/clock"
)

// recorded sends a request through a recorder to a handler.
func recorded(t *testing.T, r *recorder, request *http.Request, handler http.HandlerFunc) {
	t.Helper()
	defer func() { _ = recover() }() // a handler that drops the connection
	r.wrap(handler).ServeHTTP(httptest.NewRecorder(), request)
}

func TestHistoryNotesTheStatus(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		handler http.HandlerFunc
		want    int
	}{
		"header": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusTeapot)
			w.WriteHeader(http.StatusOK)
		}, http.StatusTeapot},
		"body":    {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("a")) }, 200},
		"nothing": {func(http.ResponseWriter, *http.Request) {}, 200},
		"dropped": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &recorder{clock: clock.System()}
			recorded(t, r, httptest.NewRequest(http.MethodGet, "/a%2Fb?c=%20d", http.NoBody), test.handler)
			got := r.history()
			if len(got) != 1 || got[0].Status != test.want || got[0].Path != "/a%2Fb" || got[0].Query != "c=%20d" {
				t.Errorf("the history is %+v, want status %d", got, test.want)
			}
		})
	}
}

func TestHistoryLeavesTheBodyToTheHandler(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", maxBody+10)
	r := &recorder{clock: clock.System()}
	recorded(t, r, httptest.NewRequest(http.MethodPost, "/", strings.NewReader(long)), func(_ http.ResponseWriter, req *http.Request) {
		if body, err := io.ReadAll(req.Body); err != nil || string(body) != long {
			t.Errorf("the handler read %d bytes and %v", len(body), err)
		}
	})
	if got := r.history(); len(got[0].Body) != maxBody {
		t.Errorf("the history keeps %d bytes", len(got[0].Body))
	}
}

func TestHistoryPassesOnABrokenBody(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	r := &recorder{clock: clock.System()}
	request := httptest.NewRequest(http.MethodPost, "/", io.MultiReader(strings.NewReader("ab"), failingReader{broken}))
	recorded(t, r, request, func(_ http.ResponseWriter, req *http.Request) {
		if body, err := io.ReadAll(req.Body); string(body) != "ab" || !errors.Is(err, broken) {
			t.Errorf("the handler read %q and %v", body, err)
		}
	})
}

func TestHistoryIsBounded(t *testing.T) {
	t.Parallel()
	r := &recorder{clock: clock.System()}
	for range maxHistory + 1 {
		recorded(t, r, httptest.NewRequest(http.MethodGet, "/", http.NoBody), func(http.ResponseWriter, *http.Request) {})
	}
	if got := len(r.history()); got > maxHistory {
		t.Errorf("the history keeps %d exchanges", got)
	}
}
