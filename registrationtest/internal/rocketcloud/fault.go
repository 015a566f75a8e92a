package rocketcloud

import (
	"net/http"
	"time"
)

// Call is one of the calls that workspaces make to the Cloud.
type Call string

// The calls, and all of them.
const (
	AnyCall               Call = ""
	CallClients           Call = "oauth/clients"                 // connect with a registration token
	CallToken             Call = "oauth/token"                   //nolint:gosec // the path of a call, and no credential
	CallRevoke            Call = "oauth/revoke"                  // end of an access token
	CallRegister          Call = "register/workspace"            // one-way notice
	CallIntent            Call = "register/workspace/intent"     // start of a registration by e-mail
	CallPreIntent         Call = "register/workspace/pre-intent" // can the Cloud be reached
	CallPoll              Call = "register/workspace/poll"       // was the e-mail confirmed
	CallClient            Call = "client"                        // legacy sync
	CallSync              Call = "sync"                          // sync, 6.5 and later
	CallLicense           Call = "license"                       // licence
	CallDowngrade         Call = "client/downgrade"              // remove the licence
	CallComms             Call = "comms/workspace"               // announcements, 6.5 and later
	CallCheckout          Call = "checkout"                      // link to buy a licence
	CallSupportedVersions Call = "supportedVersions"             // signed support list
)

// FaultKind is a way to fail.
type FaultKind string

// The ways to fail.
const (
	FaultBadRequest    FaultKind = "400"            // {"error": "invalid_request"}
	FaultUnauthorized  FaultKind = "401"            // {"error": "unauthorized"}
	FaultServerError   FaultKind = "500"            // {"error": "internal_error"}
	FaultHTML          FaultKind = "html500"        // 500 with a web page, as a proxy would answer
	FaultPage          FaultKind = "html"           // 200 with a web page, as a captive portal would answer
	FaultEmpty         FaultKind = "empty"          // 200 without a body
	FaultNull          FaultKind = "null"           // 200 with the JSON null
	FaultMalformed     FaultKind = "malformed"      // 200 with JSON that is cut off
	FaultReset         FaultKind = "reset"          // the connection is dropped without an answer
	FaultNone          FaultKind = "none"           // no fault: lets calls through before the next fault
	FaultHang          FaultKind = "hang"           // no answer until the client leaves or the Cloud is closed
	FaultTimeout       FaultKind = "timeout"        // no answer for 5 minutes, then the connection is dropped
	FaultInvalidClient FaultKind = "invalid_client" // 400 {"error": "oauth_invalid_client_credentials"}
	FaultBody          FaultKind = "body"           // the usual status with the body of the fault
	FaultSlow          FaultKind = "slow"           // the usual answer, 10 s later
)

// How long a hanging and a slow Cloud take.
const (
	hangs = 5 * time.Minute
	slow  = 10 * time.Second
)

// Fault makes a call fail.
type Fault struct {
	Call  Call // AnyCall for all
	Kind  FaultKind
	Body  string // replaces the body of the kind, when not empty
	Times int    // how many calls fail; 0 for all until the faults are cleared
}

// Mode is the state of the Cloud as a whole.
type Mode string

// The modes. A fault for a call goes before the mode.
const (
	Up       Mode = "up"
	Down     Mode = "down"     // every connection is dropped
	Slow     Mode = "slow"     // every answer takes 10 s
	Nonsense Mode = "nonsense" // every answer is a web page with status 200
)

// SetFault adds a fault. Of several for a call, the oldest that is not used up goes first.
func (c *Cloud) SetFault(fault Fault) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.faults = append(c.faults, fault)
}

// ClearFaults ends all faults.
func (c *Cloud) ClearFaults() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.faults = nil
}

// SetMode makes the Cloud as a whole fail, or work again.
func (c *Cloud) SetMode(mode Mode) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.mode = mode
}

// Mode returns the state of the Cloud as a whole.
func (c *Cloud) Mode() Mode {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.mode
}

// nextFault finds the fault for a call, and uses it up.
func (c *Cloud) nextFault(call Call) (Fault, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range c.faults {
		fault := c.faults[i]
		if fault.Call != AnyCall && fault.Call != call {
			continue
		}
		if fault.Times == 1 {
			c.faults = append(c.faults[:i:i], c.faults[i+1:]...)
		} else if fault.Times > 1 {
			c.faults[i].Times--
		}
		return fault, true
	}
	switch c.mode {
	case Down:
		return Fault{Kind: FaultReset}, true
	case Slow:
		return Fault{Kind: FaultSlow}, true
	case Nonsense:
		return Fault{Kind: FaultPage}, true
	}
	return Fault{}, false
}

// page is what a proxy or a captive portal answers instead of the Cloud.
const page = "<html><body><h1>It works!</h1></body></html>"

// faulty lets the faults go before a handler.
func (c *Cloud) faulty(call Call, next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fault, failing := c.nextFault(call)
		if !failing {
			next(w, r)
			return
		}
		switch fault.Kind {
		case FaultNone:
			next(w, r)
		case FaultHang:
			if c.hanging != nil {
				c.hanging()
			}
			<-r.Context().Done()
			panic(http.ErrAbortHandler)
		case FaultReset:
			panic(http.ErrAbortHandler)
		case FaultTimeout:
			_ = c.clock.Sleep(r.Context(), hangs) // ends early when the client leaves or the server closes
			panic(http.ErrAbortHandler)
		case FaultSlow:
			if c.clock.Sleep(r.Context(), slow) != nil {
				panic(http.ErrAbortHandler)
			}
			next(w, r)
		default:
			status, contentType, body := fault.reply(call)
			w.Header().Set("Content-Type", contentType)
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		}
	})
}

// reply is the answer of a fault that answers.
func (f Fault) reply(call Call) (status int, contentType, body string) {
	contentType = "application/json"
	switch f.Kind {
	case FaultBadRequest:
		status, body = http.StatusBadRequest, `{"error":"invalid_request"}`
	case FaultUnauthorized:
		status, body = http.StatusUnauthorized, `{"error":"unauthorized"}`
	case FaultHTML:
		status, contentType, body = http.StatusInternalServerError, "text/html; charset=utf-8", page
	case FaultPage:
		status, contentType, body = http.StatusOK, "text/html; charset=utf-8", page
	case FaultEmpty:
		status, body = http.StatusOK, ""
	case FaultNull:
		status, body = http.StatusOK, "null"
	case FaultMalformed:
		status, body = http.StatusOK, `{"workspaceId":`
	case FaultInvalidClient:
		status, body = http.StatusBadRequest, `{"error":"oauth_invalid_client_credentials"}`
	case FaultBody:
		status = http.StatusOK
		if call == CallClients {
			status = http.StatusCreated
		}
	default:
		status, body = http.StatusInternalServerError, `{"error":"internal_error"}`
	}
	if f.Body != "" {
		body = f.Body
	}
	return status, contentType, body
}
