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
	return []registrationtest.FaultKind{
		registrationtest.FaultNotProcessed,
		registrationtest.FaultCached,
		registrationtest.FaultPage400, registrationtest.FaultPage403, registrationtest.FaultPage404, registrationtest.FaultPage408, registrationtest.FaultPage413,
		registrationtest.FaultPage499, registrationtest.FaultText403, registrationtest.FaultEmpty403, registrationtest.FaultForeign403, registrationtest.FaultForeign404,
	}
}

const mostLag = 200 * time.Millisecond
