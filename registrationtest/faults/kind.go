package faults

import "time"

// Kind is a way to fail.
type Kind string

// The ways to fail. Those marked with * leave open whether the request is carried out: Fault.After says it.
const (
	None          Kind = "none"           // no fault: lets exchanges through before the next fault
	Refused       Kind = "refused"        // the connection is refused, so nothing was sent; on the way only
	Certificate   Kind = "certificate"    // the TLS certificate is for another host, so nothing was sent; on the way only
	Reset         Kind = "reset"          // * the connection is reset without a reply
	Hang          Kind = "hang"           // * no reply until the client leaves or the server is closed
	Timeout       Kind = "timeout"        // * no reply before the client's deadline; a server waits 5 minutes and resets
	Slow          Kind = "slow"           // carried out, also for a caller that leaves; the usual reply, 10 s later on the clock
	Cut           Kind = "cut"            // carried out; half of the reply's body, then the connection ends
	Drip          Kind = "drip"           // carried out; the whole reply, byte by byte
	Stall         Kind = "stall"          // carried out; half of the body byte by byte, then nothing before the deadline
	TooMany       Kind = "429"            // not carried out: 429, with headers that say when to come back
	TooManyBare   Kind = "429bare"        // not carried out: 429, without a word about when to come back
	BadRequest    Kind = "400"            // * 400, with the JSON error of the side
	Unauthorized  Kind = "401"            // * 401, likewise
	ServerError   Kind = "500"            // * 500, likewise
	HTML          Kind = "html500"        // * 500 with a web page, as a proxy would answer
	BadGateway    Kind = "html502"        // * 502, likewise
	Unavailable   Kind = "html503"        // * 503, likewise
	Page          Kind = "html"           // * 200 with a web page, as a captive portal would answer
	Empty         Kind = "empty"          // * 200 without a body
	Null          Kind = "null"           // * 200 with the JSON null
	Object        Kind = "object"         // * 200 with the JSON {}
	List          Kind = "list"           // * 200 with the JSON []
	Garbled       Kind = "garbled"        // * 200 with a body that says that it is compressed, and is not
	Malformed     Kind = "malformed"      // * 200 with JSON that is cut off
	WrongTypes    Kind = "types"          // * 200 with JSON whose values have other types than they should
	Redirect      Kind = "redirect"       // * 307 to another host
	Switching     Kind = "101"            // * 101 Switching Protocols to a plain request, and then silence
	Flood         Kind = "1xx"            // * 103 Early Hints without an end
	NotProcessed  Kind = "goaway"         // * HTTP/2's "not processed": net/http then sends again what it can; on the way only
	Cached        Kind = "cached"         // a cache in front gives the reply before again, marked as such; reads only, not carried out
	SocketClosed  Kind = "socket"         // * a WebSocket is closed between two frames
	Restart       Kind = "restart"        // Fault.Do restarts the server, which then carries the request out
	Body          Kind = "body"           // the usual status with the body of the fault, not carried out
	InvalidClient Kind = "invalid_client" // the Cloud's refusal that a removed workspace gets, not carried out
)

// The answers of a gateway in front, which the side did not write. All leave open (*) whether the request is carried out.
const (
	Page400        Kind = "html400"  // 400 with a web page
	Page403        Kind = "html403"  // 403, likewise
	Page404        Kind = "html404"  // 404, likewise
	Page408        Kind = "html408"  // 408, likewise
	Page413        Kind = "html413"  // 413, likewise
	Page499        Kind = "html499"  // 499, likewise
	GatewayTimeout Kind = "html504"  // 504, likewise
	Text403        Kind = "text403"  // 403 with a line of text
	Empty403       Kind = "empty403" // 403 without a body
	Foreign403     Kind = "json403"  // 403 with JSON of the gateway's own
	Foreign404     Kind = "json404"  // 404, likewise
	Alike401       Kind = "alike401" // 401 with JSON like that of a workspace up to 7.3
	Alike403       Kind = "alike403" // 403 with JSON like that of any workspace
)

// traits are what holds for every fault of a kind.
type traits struct {
	before, after  bool // without carrying the request out, after it was carried out
	frame, noFrame bool // fits a frame that gets its reply, one that is never passed on
	onTheWay       bool // a server cannot show it
}

func (k Kind) traits() traits {
	switch k {
	case None, Restart, Slow:
		return traits{after: true}
	case Refused, Certificate:
		return traits{before: true, onTheWay: true}
	case TooMany, TooManyBare:
		return traits{before: true}
	case Reset, Timeout, SocketClosed:
		return traits{before: true, after: true, frame: true, noFrame: true}
	case Cut:
		return traits{after: true, frame: true}
	case Drip, Stall:
		return traits{after: true}
	case Malformed, WrongTypes:
		return traits{before: true, after: true, frame: true}
	case HTML, BadGateway, Unavailable, Page, Empty, Null, Object, List, Garbled, Redirect, Switching, Flood:
		return traits{before: true, after: true}
	case Page400, Page403, Page404, Page408, Page413, Page499, GatewayTimeout, Text403, Empty403, Foreign403, Foreign404, Alike401, Alike403:
		return traits{before: true, after: true}
	case NotProcessed:
		return traits{before: true, after: true, onTheWay: true}
	case Cached:
		return traits{before: true}
	case Hang, BadRequest, Unauthorized, ServerError:
		return traits{before: true, after: true}
	case Body, InvalidClient:
		return traits{before: true}
	}
	return traits{}
}

// Known reports whether there is such a kind.
func (k Kind) Known() bool { return k.traits() != traits{} }

// All returns every way in which an exchange fails that no server had a reason for: each kind, without and after the act
// where it leaves that open, and later where the server may go on after its client has an answer or has left. Answers that
// a server gives on purpose (400, 401) are not among them.
func All() []Fault {
	var all []Fault
	for _, kind := range []Kind{
		Refused, Certificate, Reset, Timeout, Cut, Drip, Stall, TooMany, TooManyBare, HTML, BadGateway, Unavailable, Page,
		Empty, Null, Object, List, Garbled, Malformed, WrongTypes, Redirect, SocketClosed, Switching, Flood, NotProcessed, Cached,
		Page400, Page403, Page404, Page408, Page413, Page499, GatewayTimeout, Text403, Empty403, Foreign403, Foreign404, Alike401, Alike403,
	} {
		t := kind.traits()
		if t.before {
			all = append(all, Fault{Kind: kind})
		}
		if t.after {
			all = append(all, Fault{Kind: kind, After: true})
		}
	}
	return append(all,
		Fault{Kind: GatewayTimeout, Later: time.Second},
		Fault{Kind: GatewayTimeout, Later: 20 * time.Second},
		Fault{Kind: Timeout, Later: 5 * time.Second},
	)
}
