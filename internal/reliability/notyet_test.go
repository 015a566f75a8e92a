package reliability_test

import (
	"slices"
	"time"

	"github.com/rcreg/registration/registrationtest"
)

// allFaults are the faults that operations and walks meet.
func allFaults() []registrationtest.Fault {
	return slices.DeleteFunc(registrationtest.AllFaults(), func(f registrationtest.Fault) bool { return f.Later > 0 || slices.Contains(notYet(), f.Kind) })
}

// notYet are the faults that the client is not ready for, beside those that are carried out later, and lags of more than mostLag.
func notYet() []registrationtest.FaultKind {
	return []registrationtest.FaultKind{registrationtest.FaultCached}
}

const mostLag = 200 * time.Millisecond
