package fleet

import (
	"context"
	"strconv"
	"sync"

	"github.com/hashicorp/go-version"

	"github.com/rcreg/registration"
)

// windows remembers the support window of each version. A nil one does not want to know.
type windows struct {
	mu    sync.Mutex
	known map[string]registration.Support // by major.minor
}

// of returns the support window of a version, and asks the workspace or the Cloud for the first one of a version. Of those that come at the same time more than
// one may ask: that is no reason to wait for each other.
func (w *windows) of(ctx context.Context, v *version.Version, client *registration.Client) registration.Support {
	if w == nil {
		return registration.Support{}
	}
	numbers := v.Segments()
	key := strconv.Itoa(numbers[0]) + "." + strconv.Itoa(numbers[1])
	w.mu.Lock()
	support, known := w.known[key]
	w.mu.Unlock()
	if known {
		return support
	}
	support, err := client.Support(ctx) // an error comes with the state "unknown"
	if support.Exception || err != nil && ctx.Err() != nil {
		return support // the next one may have no exception, or more time
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.known[key] = support
	return support
}
