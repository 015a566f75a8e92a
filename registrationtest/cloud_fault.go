package registrationtest

import "github.com/rcreg/registration/registrationtest/internal/rocketcloud"

// Fault makes calls to the Cloud fail.
type Fault = rocketcloud.Fault

// FaultKind is a way to fail.
type FaultKind = rocketcloud.FaultKind

// The ways to fail.
const (
	FaultBadRequest    = rocketcloud.FaultBadRequest    // 400
	FaultUnauthorized  = rocketcloud.FaultUnauthorized  // 401
	FaultServerError   = rocketcloud.FaultServerError   // 500
	FaultHTML          = rocketcloud.FaultHTML          // 500 with a web page, as a proxy would answer
	FaultPage          = rocketcloud.FaultPage          // 200 with a web page, as a captive portal would answer
	FaultEmpty         = rocketcloud.FaultEmpty         // 200 without a body
	FaultNull          = rocketcloud.FaultNull          // 200 with the JSON null
	FaultMalformed     = rocketcloud.FaultMalformed     // 200 with JSON that is cut off
	FaultReset         = rocketcloud.FaultReset         // the connection is dropped without an answer
	FaultNone          = rocketcloud.FaultNone          // no fault: lets calls through before the next fault
	FaultHang          = rocketcloud.FaultHang          // no answer until the client leaves or the Cloud is closed
	FaultTimeout       = rocketcloud.FaultTimeout       // no answer for 5 minutes on the Cloud's clock, then a reset
	FaultInvalidClient = rocketcloud.FaultInvalidClient // the refusal that a removed workspace gets
	FaultBody          = rocketcloud.FaultBody          // the usual status, with the body of the fault
	FaultSlow          = rocketcloud.FaultSlow          // the usual answer, 10 s later on the Cloud's clock
)

// Call is one of the calls that workspaces make to the Cloud.
type Call = rocketcloud.Call

// The calls that workspaces make to the Cloud, and all of them.
const (
	AnyCall               = rocketcloud.AnyCall
	CallClients           = rocketcloud.CallClients           // POST /api/oauth/clients: connect with a token
	CallToken             = rocketcloud.CallToken             // POST /api/oauth/token
	CallRevoke            = rocketcloud.CallRevoke            // POST /api/oauth/revoke
	CallRegister          = rocketcloud.CallRegister          // POST /api/v2/register/workspace: a one-way notice
	CallIntent            = rocketcloud.CallIntent            // POST …/intent: start of a registration by e-mail
	CallPreIntent         = rocketcloud.CallPreIntent         // POST …/pre-intent: can the Cloud be reached
	CallPoll              = rocketcloud.CallPoll              // GET …/poll: was the e-mail confirmed
	CallClient            = rocketcloud.CallClient            // POST <uri>/client: sync up to 6.4, fallback later
	CallSync              = rocketcloud.CallSync              // POST <uri>/sync: sync from 6.5
	CallLicense           = rocketcloud.CallLicense           // GET <uri>/license
	CallDowngrade         = rocketcloud.CallDowngrade         // POST <uri>/client/downgrade: remove the licence
	CallComms             = rocketcloud.CallComms             // POST /api/v3/comms/workspace, from 6.5
	CallCheckout          = rocketcloud.CallCheckout          // POST /billing/api/v2/checkout
	CallSupportedVersions = rocketcloud.CallSupportedVersions // GET /v2/server/supportedVersions
)

// Mode is the state of the Cloud as a whole.
type Mode = rocketcloud.Mode

// The states of the Cloud as a whole. A fault for a call goes first.
const (
	CloudUp       = rocketcloud.Up
	CloudDown     = rocketcloud.Down     // every connection is dropped
	CloudSlow     = rocketcloud.Slow     // every answer takes 10 s on the Cloud's clock
	CloudNonsense = rocketcloud.Nonsense // every answer is a web page
)

// SetFault adds a fault. Of several for a call, the oldest that is not used up goes first.
func (c *Cloud) SetFault(fault Fault) { c.cloud.SetFault(fault) }

// ClearFaults ends all faults.
func (c *Cloud) ClearFaults() { c.cloud.ClearFaults() }

// SetMode makes the Cloud as a whole fail, or work again.
func (c *Cloud) SetMode(mode Mode) { c.cloud.SetMode(mode) }
