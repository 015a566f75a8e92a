package offline

import (
	"fmt"
	"io"
	"time"

	"github.com/rcreg/registration/cloud"
)

// Answer is an opened and checked answer. It prints without its secrets.
type Answer struct {
	request Request
	sealed  bool
	created time.Time
	grant   cloud.Grant
	license cloud.Secret
	doubt   string // whose the grant may be, where it does not name the workspace's address
}

// Request is the request that is answered.
func (a Answer) Request() Request { return a.request }

// Sealed reports whether the answer was unreadable on its way. The code from the Cloud console is not sealed: whoever saw it knows the client secret.
func (a Answer) Sealed() bool { return a.sealed }

// Created is when a courier wrote the answer; zero for what a person saved.
func (a Answer) Created() time.Time { return a.created }

// Grant is the answer to a request of the kind [Registration], and has passed [cloud.Grant.Check].
func (a Answer) Grant() cloud.Grant { return a.grant }

// License is the answer to a request of the kind [License]: the text for licenses.add. It is not checked any further: the workspace does.
func (a Answer) License() cloud.Secret { return a.license }

// String names the request and reports whether the answer was sealed.
func (a Answer) String() string {
	seal := "sealed"
	if !a.sealed {
		seal = "unsealed"
	}
	return fmt.Sprintf("%s answer to the %s", seal, a.request)
}

// Format prints what String says, whatever the verb.
func (a Answer) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, a.String()) }
