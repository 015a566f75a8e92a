package failure

import (
	"context"
	"syscall"
)

// The kinds of calls to a workspace that did not come to an answer of its own, or to one that it gives for no reason.
var (
	NotRocketChat = &Kind{name: "not_rocket_chat", text: "not the API of a Rocket.Chat workspace", remedies: Ways(CheckAddress)}
	BadAddress    = &Kind{name: "address", text: "unusable address", remedies: Ways(UseAddress)}
	PlainHTTP     = &Kind{text: "unusable address", remedies: Ways(AllowPlainHTTP), broader: []*Kind{BadAddress}}
	NotSent       = &Kind{name: "unreachable", text: "not sent", temporary: true, remedies: Ways(CheckConnection)}
	BadReply      = &Kind{name: "bad_reply", text: "unreadable reply", temporary: true, remedies: Ways(CheckBetween)}
	Cached        = &Kind{text: "a cache answered", temporary: true, remedies: Ways(BypassCache), broader: []*Kind{BadReply}}
	ReplyLost     = &Kind{name: "reply_lost", text: "reply lost", temporary: true, remedies: Ways(ReadStatus)}
	ServerAway    = &Kind{text: "reply lost", temporary: true, remedies: Ways(CheckServer), broader: []*Kind{ReplyLost}}
	ServerFailed  = &Kind{name: "workspace_failed", text: "internal error of the workspace", temporary: true, remedies: Ways(ReadLog)}
	Refused       = &Kind{name: "refused", text: "refused", remedies: Ways(ReadLog)}
	// ServerCutOff: the workspace asked the Cloud, and says what came in place of an answer.
	ServerCutOff = &Kind{
		text: "the workspace got no answer of Rocket.Chat Cloud", broader: []*Kind{Refused}, remedies: []Remedy{{Act: MendServerWay}, {UseTransport, "relay"}},
	}
	// ServerTurnedDown: the workspace asked the Cloud, and says that the Cloud refused: it was there, and said no.
	ServerTurnedDown = &Kind{text: "refused", remedies: Ways(ReadLog), broader: []*Kind{Refused}}
	// ServerSlowedDown: the same, because it was asked too often.
	ServerSlowedDown = &Kind{text: "Rocket.Chat Cloud is asked too often", temporary: true, remedies: Ways(Wait), broader: []*Kind{Refused}}
)

// The kinds of this machine: time, disk, and who ended the operation.
var (
	Timeout       = &Kind{name: "timeout", text: "the time ran out", foreign: context.DeadlineExceeded, temporary: true, remedies: Ways(GiveMoreTime)}
	Interrupted   = &Kind{name: "interrupted", text: "interrupted", foreign: context.Canceled, remedies: Ways(RunAgain)}
	NoSpace       = &Kind{name: "no_space", text: "no space is left", foreign: syscall.ENOSPC, remedies: Ways(MakeRoom)}
	StorageFailed = &Kind{name: "storage_failed", text: "a disk or a stick failed", foreign: syscall.EIO, temporary: true, remedies: Ways(MountFolder)}
	Usage         = &Kind{name: "usage", text: "the command line cannot be carried out", remedies: Ways(CorrectRequest), broader: []*Kind{InvalidInput}}
)
