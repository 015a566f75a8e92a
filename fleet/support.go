package fleet

import (
	"context"
	"strconv"
	"sync"
	"time"

	"github.com/hashicorp/go-version"

	"github.com/rcreg/registration"
)

// windows remembers the support window of each version for a time: fleets that are watched live for years, and lists change. A nil one does not want to know.
type windows struct {
	mu    sync.Mutex
	known map[string]window // by major.minor
}

// window is what was found out of a version.
type window struct {
	registration.Support
	asked time.Time
}

const (
	// windowAge is how long a support window is believed.
	windowAge = 6 * time.Hour
	// unknownAge is how long it is believed that nothing can be found out.
	unknownAge = 10 * time.Minute
)

// holds reports whether nothing needs to be asked again.
func (w window) holds(now time.Time) bool {
	age := windowAge
	if w.State == registration.SupportUnknown {
		age = unknownAge
	}
	return !w.asked.IsZero() && now.Sub(w.asked) < age
}

// of returns the support window of a version, and asks the workspace or the Cloud for the first one of a version. Of those that come at the same time more than
// one may ask: that is no reason to wait for each other.
func (w *windows) of(ctx context.Context, v *version.Version, client *registration.Client, now time.Time) registration.Support {
	if w == nil {
		return registration.Support{}
	}
	numbers := v.Segments()
	key := strconv.Itoa(numbers[0]) + "." + strconv.Itoa(numbers[1])
	w.mu.Lock()
	known := w.known[key]
	w.mu.Unlock()
	if known.holds(now) {
		return known.Support
	}
	support, err := client.Support(ctx) // an error comes with the state "unknown"
	if support.Exception || err != nil && ctx.Err() != nil {
		return support // the next one may have no exception, or more time
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.known[key] = window{support, now}
	return support
}
