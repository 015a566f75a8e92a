package registrationtest

import "github.com/rcreg/registration/registrationtest/internal/fault"

// Fault makes exchanges fail: with a fake server ([Cloud.SetFault], [Workspace.SetFault]), or with any ([Faults]).
type Fault = fault.Fault

// AllFaults returns every way in which an exchange fails that no server had a reason for: each kind, without and after
// the act where it leaves that open, and with the act following later where the server may go on. [Fault.Fits] tells which
// of them can hit an exchange.
func AllFaults() []Fault { return fault.All() }

// FaultKind is a way to fail.
type FaultKind = fault.Kind

// The ways to fail before the request is carried out. For those marked with *, Fault.After lets it be carried out first.
const (
	FaultRefused       = fault.Refused      // the connection is refused; only with [Faults.RoundTripper]
	FaultCertificate   = fault.Certificate  // the TLS certificate is for another host; only with [Faults.RoundTripper]
	FaultTooMany       = fault.TooMany      // 429, with headers that say when to come back
	FaultTooManyBare   = fault.TooManyBare  // 429, without a word about when to come back
	FaultReset         = fault.Reset        // * the connection is reset without an answer
	FaultTimeout       = fault.Late         // * no answer for 5 minutes on the server's clock, then a reset
	FaultHang          = fault.Hang         // * no answer until the client leaves or the server is closed
	FaultBadRequest    = fault.BadRequest   // * 400
	FaultUnauthorized  = fault.Unauthorized // * 401
	FaultServerError   = fault.ServerError  // * 500
	FaultHTML          = fault.HTML         // * 500 with a web page, as a proxy would answer
	FaultBadGateway    = fault.BadGateway   // * 502, likewise
	FaultUnavailable   = fault.Unavailable  // * 503, likewise
	FaultPage          = fault.Page         // * 200 with a web page, as a captive portal would answer
	FaultEmpty         = fault.Empty        // * 200 without a body
	FaultNull          = fault.Null         // * 200 with the JSON null
	FaultMalformed     = fault.Malformed    // * 200 with JSON that is cut off
	FaultWrongTypes    = fault.WrongTypes   // * 200 with JSON whose values have other types than they should
	FaultRedirect      = fault.Redirect     // * 307 to another host
	FaultSwitching     = fault.Switching    // * 101 Switching Protocols to a plain request, and then silence
	FaultFlood         = fault.Flood        // * 103 Early Hints without an end
	FaultNotProcessed  = fault.NotProcessed // * HTTP/2's "not processed", after which net/http sends again by itself what it can; only with [Faults.RoundTripper]
	FaultCached        = fault.Cached       // a cache in front gives the reply to the same read again that was given before, with Age and X-Cache
	FaultSocketClosed  = fault.SocketClosed // * a WebSocket is closed between two frames
	FaultInvalidClient = fault.BadClient    // the Cloud's refusal that a removed workspace gets
	FaultBody          = fault.Body         // the usual status, with the body of the fault
)

// The answers of a gateway, a proxy or a firewall in front, which the server did not write; all are marked with *.
const (
	FaultPage400        = fault.Page400        // 400 with a web page
	FaultPage403        = fault.Page403        // 403 with a web page
	FaultPage404        = fault.Page404        // 404 with a web page
	FaultPage408        = fault.Page408        // 408 with a web page
	FaultPage413        = fault.Page413        // 413 with a web page
	FaultPage499        = fault.Page499        // 499 with a web page
	FaultGatewayTimeout = fault.GatewayTimeout // 504 with a web page; Fault.Later lets the server go on after it
	FaultText403        = fault.Text403        // 403 with a line of text
	FaultEmpty403       = fault.Empty403       // 403 without a body
	FaultForeign403     = fault.Foreign403     // 403 with JSON of the gateway's own
	FaultForeign404     = fault.Foreign404     // 404, likewise
)

// The ways to fail after the request was carried out, or with it.
const (
	FaultCut     = fault.Cut     // half of the answer's body, then the connection ends
	FaultDrip    = fault.Drip    // the whole answer, byte by byte
	FaultStall   = fault.Stall   // half of the answer's body byte by byte, then nothing until it is too late
	FaultSlow    = fault.Slow    // the usual answer, 10 s later on the server's clock; also who leaves has it carried out
	FaultNone    = fault.None    // no fault: lets exchanges through before the next fault
	FaultRestart = fault.Restart // Fault.Do restarts the server, with [Workspace.Upgrade] say, which then answers
)

// FaultSide is who answers an exchange.
type FaultSide = fault.Side

// The sides, and both.
const (
	AnySide       = fault.AnySide
	SideWorkspace = fault.Workspace
	SideCloud     = fault.Cloud
)

// Call names what is asked: one of the Cloud's calls below, a REST endpoint of a workspace as its path has it after
// /api/v1/ ("cloud.syncWorkspace", "settings/Register_Server"), or a method, over REST or over a WebSocket
// ("cloud:connectWorkspace", "login").
type Call = fault.Call

// The calls that workspaces make to the Cloud, and all calls.
const (
	AnyCall               = fault.AnyCall
	CallClients           = fault.CallClients           // POST /api/oauth/clients: connect with a token
	CallToken             = fault.CallToken             // POST /api/oauth/token
	CallRevoke            = fault.CallRevoke            // POST /api/oauth/revoke
	CallRegister          = fault.CallRegister          // POST /api/v2/register/workspace: a one-way notice
	CallIntent            = fault.CallIntent            // POST …/intent: start of a registration by e-mail
	CallPreIntent         = fault.CallPreIntent         // POST …/pre-intent: can the Cloud be reached
	CallPoll              = fault.CallPoll              // GET …/poll: was the e-mail confirmed
	CallClient            = fault.CallClient            // POST <uri>/client: sync up to 6.4, fallback later
	CallSync              = fault.CallSync              // POST <uri>/sync: sync from 6.5
	CallLicense           = fault.CallLicense           // GET <uri>/license
	CallDowngrade         = fault.CallDowngrade         // POST <uri>/client/downgrade: remove the license
	CallComms             = fault.CallComms             // POST /api/v3/comms/workspace, from 6.5
	CallCheckout          = fault.CallCheckout          // POST /billing/api/v2/checkout
	CallSupportedVersions = fault.CallSupportedVersions // GET /v2/server/supportedVersions
)

// The calls to a workspace that have no path under /api/v1/.
const (
	CallInfo   = fault.CallInfo   // GET /api/info
	CallSocket = fault.CallSocket // opens a WebSocket; the method calls in it are exchanges of their own
)
