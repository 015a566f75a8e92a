package reliability_test

import (
	"slices"
	"time"

	"github.com/rcreg/registration/registrationtest"
)

// mostLag is the longest lag of a settings cache that the client is ready for. What is carried out later is left out as long as it is less than the ten seconds of servers.
const mostLag = 200 * time.Millisecond

// allFaults are the faults that operations and walks meet.
func allFaults() []registrationtest.Fault {
	return slices.DeleteFunc(registrationtest.AllFaults(), func(f registrationtest.Fault) bool { return f.Later > 0 && mostLag < 10*time.Second })
}
