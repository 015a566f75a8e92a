package registrationtest_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/registrationtest/faults"
)

// readInfo reads the version of the first workspace, in process and for a minute at most.
func readInfo(t *testing.T, fleet *registrationtest.Fleet) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, fleet.URL(0)+"/api/info", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := fleet.RoundTripper().RoundTrip(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	_, err = io.ReadAll(response.Body)
	return err
}

func TestFleetFailsInProcess(t *testing.T) {
	t.Parallel()
	for kind, want := range map[faults.Kind]error{
		faults.Reset:   syscall.ECONNRESET,
		faults.Cut:     io.ErrUnexpectedEOF,
		faults.Timeout: context.DeadlineExceeded,
		faults.Hang:    context.DeadlineExceeded,
		faults.Stall:   context.DeadlineExceeded,
		faults.Drip:    nil,
		faults.Slow:    nil,
		faults.Page:    nil,
	} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				fleet := registrationtest.NewFleet(t, 2, registrationtest.InProcess(), registrationtest.WithVersions("8.7"))
				fleet.Workspace(0).SetFault(faults.Fault{Kind: kind, Times: 1})
				if err := readInfo(t, fleet); !errors.Is(err, want) {
					t.Errorf("%v, want %v", err, want)
				}
				if err := readInfo(t, fleet); err != nil {
					t.Errorf("after it: %v", err)
				}
			})
		})
	}
}

// A workspace meets the faults of its Cloud in process too.
func TestFleetOfACloudThatIsDown(t *testing.T) {
	t.Parallel()
	fleet := registrationtest.NewFleet(t, 1, registrationtest.InProcess(), registrationtest.WithVersions("8.7"))
	fleet.Cloud().SetMode(registrationtest.CloudDown)
	token := fleet.Cloud().IssueToken()
	if status := ask(t, fleet, 0, "POST", "cloud.connectWorkspace", `{"token":"`+token+`"}`); status != http.StatusBadRequest {
		t.Errorf("connecting has status %d", status)
	}
	fleet.Cloud().SetMode(registrationtest.CloudUp)
	if status := ask(t, fleet, 0, "POST", "cloud.connectWorkspace", `{"token":"`+token+`"}`); status != http.StatusOK {
		t.Errorf("then it has status %d", status)
	}
}
