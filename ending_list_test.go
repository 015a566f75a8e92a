package registration_test

import (
	"fmt"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/workspace"
)

var (
	errForbidden    = fmt.Errorf("no permission: %w", workspace.ErrForbidden)
	errInternal     = fmt.Errorf("it failed inside: %w", workspace.ErrInternal)
	errInternalLost = fmt.Errorf("it failed, perhaps at the end: %w: %w", workspace.ErrInternal, workspace.ErrReplyLost)
	errGarbled      = fmt.Errorf("half a reply: %w", workspace.ErrBadReply)
)

// Settings caches that lag: the one shows a change after the first wait, the other at the last look.
const late, last = 400 * time.Millisecond, 3 * time.Second

func endingsOfRegistering() []ending {
	const none, in = registration.Unregistered, 0
	rejected := registration.ErrRejected
	return []ending{
		{"registered", "6.5.0", none, in, registering, syncsToo, told{clienttest.Registers, nil}, nil, nil, 6, ""},
		{"registered, shows at last", "6.5.0", none, last, registering, syncsToo, told{clienttest.Registers, nil}, nil, nil, 6, ""},
		{"registered, said to be refused", "6.5.0", none, in, registering, syncsToo, told{clienttest.Registers, errRefused}, nil, nil, 6, "its first sync may have failed"},
		{"registered, the reply is lost", "6.5.0", none, late, registering, syncsToo, told{clienttest.Registers, errLost}, nil, nil, 6, "its first sync may have failed"},
		{"registered, the reply is lost, shows at last", "6.5.0", none, last, registering, syncsToo, told{clienttest.Registers, errLost}, nil, registration.ErrOutcomeUnknown, 5, "read the status first"},
		{"registered, the reply is lost, shows at last to 5.4", "5.4.0", none, last, registering, syncsToo, told{clienttest.Registers, errLost}, nil, registration.ErrOutcomeUnknown, 5, "read the status first"},
		{"refused", "6.5.0", none, in, registering, syncsToo, told{nothing, errRefused}, nil, rejected, 6, "Check that the token is whole"},
		{"failed inside", "6.5.0", none, in, registering, syncsToo, told{nothing, errInternal}, nil, rejected, 6, "Check that the token is whole"},
		{"failed inside, perhaps at the end", "6.5.0", none, in, registering, syncsToo, told{nothing, errInternalLost}, nil, workspace.ErrReplyLost, 8, "run the operation again as it was"},
		{"said to be registered", "6.5.0", none, in, registering, syncsToo, told{nothing, nil}, nil, rejected, 6, "answered success, yet it is not registered"},
		{"the request is lost", "6.5.0", none, in, registering, syncsToo, told{nothing, errLost}, nil, workspace.ErrReplyLost, 8, "run the operation again as it was"},
		{"the request is lost on the way to 5.4", "5.4.0", none, in, registering, syncsToo, told{nothing, errLost}, nil, registration.ErrOutcomeUnknown, 8, "read the status first"},
		{"not sent", "6.5.0", none, in, registering, syncsToo, told{nothing, errNotSent}, nil, workspace.ErrNotSent, 1, ""},
		{"a code is refused", "6.5.0", none, in, resuming, syncsToo, told{nothing, errRefused}, nil, rejected, 6, "resume again"},

		{"kept, said to be refused", "6.5.0", none, in, registering, keeps, told{clienttest.Registers, errRefused}, nil, nil, 2, "may not have taken the license"},
		{"kept, the request is lost", "6.5.0", none, in, registering, keeps, told{nothing, errLost}, nil, workspace.ErrReplyLost, 8, "run the operation again; the workspace is not registered, and what the Cloud gave is kept"},
		{"kept, refused", "6.5.0", none, in, registering, keeps, told{nothing, errRefused}, nil, rejected, 6, "took what the Cloud gave"},

		{"proved", "5.4.0", none, in, registering, syncsToo, told{clienttest.Registers, nil}, []told{{nothing, nil}}, nil, 3, ""},
		{"proved, said to be refused", "5.4.0", none, in, registering, syncsToo, told{clienttest.Registers, errRefused}, []told{{nothing, nil}}, nil, 3, "registered, although the workspace answered that it failed"},
		{"the proof fails", "5.4.0", none, in, registering, syncsToo, told{clienttest.Registers, nil}, []told{{nothing, errRefused}}, registration.ErrSyncFailed, 7, "nothing proves its credentials"},
		{"the proof is not sent", "5.4.0", none, in, registering, syncsToo, told{clienttest.Registers, nil}, []told{{nothing, errNotSent}}, registration.ErrSyncFailed, 7, ""},
		{"the proof waits for the cache", "5.4.0", none, late, registering, syncsToo, told{clienttest.Registers, nil}, []told{{nothing, nil}}, nil, 5, ""},
		{"the proof is lost", "5.4.0", none, late, registering, syncsToo, told{clienttest.Registers, nil}, []told{{nothing, errLost}, {nothing, errLost}}, registration.ErrSyncFailed, 9, ""},
		{"nothing to prove", "5.4.0", none, in, registering, syncsToo, told{nothing, nil}, nil, rejected, 6, ""},
		{"the proof finds a removal", "5.4.0", none, in, registering, syncsToo, told{clienttest.Registers, nil}, []told{{clienttest.Forgets, errRefused}}, rejected, 3, ""},
		{"the proof finds a removal, which shows late", "5.4.0", none, 100 * time.Millisecond, registering, syncsToo, told{clienttest.Registers, nil}, []told{{clienttest.Forgets, errRefused}}, rejected, 5, ""},
	}
}

func endingsOfTheRest() []ending {
	const there, off, in = registration.Registered, registration.Disconnected, 0
	return []ending{
		{"disconnected, shows at last", "5.4.0", there, last, disconnecting, bare, told{clienttest.Disconnects, nil}, nil, nil, 5, ""},
		{"disconnected, the reply is lost", "5.4.0", there, in, disconnecting, bare, told{clienttest.Disconnects, errLost}, nil, nil, 2, ""},
		{"said to be disconnected", "5.4.0", there, in, disconnecting, bare, told{nothing, nil}, nil, errAny, 6, "still registered and connected"},
		{"not disconnected", "5.4.0", there, in, disconnecting, bare, told{nothing, errForbidden}, nil, registration.ErrForbidden, 6, ""},
		{"disconnecting is lost", "5.4.0", there, in, disconnecting, bare, told{nothing, errLost}, nil, workspace.ErrReplyLost, 8, "still registered and connected"},
		{"disconnecting is lost, and asks the Cloud", "6.0.0", there, in, disconnecting, bare, told{nothing, errLost}, nil, registration.ErrOutcomeUnknown, 8, "wait for the Cloud without a time limit"},
		{"disconnected and removed", "5.4.0", there, in, disconnecting, bare, told{clienttest.Forgets, nil}, nil, nil, 2, "the Cloud had removed it"},

		{"reconnected", "6.0.0", off, in, reconnecting, syncsToo, told{connects, nil}, []told{{nothing, nil}}, nil, 3, ""},
		{"reconnected, said to be refused", "6.0.0", off, in, reconnecting, syncsToo, told{connects, errRefused}, []told{{nothing, nil}}, nil, 3, "connected, although the workspace answered that it failed"},
		{"reconnected, shows at last", "6.0.0", off, last, reconnecting, syncsToo, told{connects, errLost}, []told{{nothing, nil}}, nil, 6, ""},
		{"reconnecting is lost", "6.0.0", off, in, reconnecting, syncsToo, told{nothing, errLost}, nil, registration.ErrOutcomeUnknown, 8, "read the status first"},
		{"reconnecting is lost, and asks nobody", "5.4.0", off, in, reconnecting, syncsToo, told{nothing, errLost}, nil, workspace.ErrReplyLost, 8, "the workspace is disconnected"},
		{"not reconnected", "6.0.0", off, in, reconnecting, syncsToo, told{nothing, errForbidden}, nil, registration.ErrForbidden, 6, ""},
		{"said to be reconnected", "6.0.0", off, in, reconnecting, syncsToo, told{nothing, nil}, nil, errAny, 6, "yet it is still disconnected"},
		{"reconnected, and the proof fails", "6.0.0", off, in, reconnecting, syncsToo, told{connects, nil}, []told{{nothing, errRefused}}, registration.ErrSyncFailed, 7, "nothing proves its credentials"},
		{"reconnected, and the proof is not sent", "6.0.0", off, in, reconnecting, syncsToo, told{connects, nil}, []told{{nothing, errNotSent}}, registration.ErrSyncFailed, 7, ""},
		{"reconnected, and the proof finds a removal", "6.0.0", off, in, reconnecting, syncsToo, told{connects, nil}, []told{{clienttest.Forgets, errRefused}}, registration.ErrRemovedFromCloud, 3, ""},
		{"reconnected without a proof", "6.0.0", off, last, reconnecting, bare, told{connects, nil}, nil, nil, 5, "shows only in a sync"},
		{"said to be reconnected, without a proof", "6.0.0", off, in, reconnecting, bare, told{nothing, nil}, nil, errAny, 6, "answered success, yet it is still disconnected"},

		{"synced", "6.5.0", there, in, syncing, syncsToo, told{}, []told{{nothing, nil}}, nil, 6, ""},
		{"synced the second time", "6.5.0", there, in, syncing, syncsToo, told{}, []told{{nothing, errLost}, {nothing, nil}}, nil, 6, "asked for again"},
		{"the second sync is not sent", "6.5.0", there, in, syncing, syncsToo, told{}, []told{{nothing, errLost}, {nothing, errNotSent}}, registration.ErrOutcomeUnknown, 6, ""},
		{"both replies are garbled", "6.5.0", there, in, syncing, syncsToo, told{}, []told{{nothing, errGarbled}, {nothing, errGarbled}}, registration.ErrOutcomeUnknown, 6, ""},
		{"the sync is refused", "6.5.0", there, in, syncing, syncsToo, told{}, []told{{nothing, errRefused}}, registration.ErrSyncFailed, 6, "Next: let the workspace reach"},
		{"the sync is refused, for whatever reason", "5.4.0", there, in, syncing, syncsToo, told{}, []told{{nothing, errRefused}}, registration.ErrSyncFailed, 6, "may have dropped it"},
		{"the sync is not sent", "6.5.0", there, in, syncing, syncsToo, told{}, []told{{nothing, errNotSent}}, workspace.ErrNotSent, 1, ""},
		{"removed, shows late", "6.5.0", there, 100 * time.Millisecond, syncing, syncsToo, told{}, []told{{clienttest.Forgets, nil}}, registration.ErrRemovedFromCloud, 3, ""},
		{"removed, said to be refused", "6.5.0", there, in, syncing, syncsToo, told{}, []told{{clienttest.Forgets, errRefused}}, registration.ErrRemovedFromCloud, 2, ""},
		{"removed, the replies are lost", "6.5.0", there, in, syncing, syncsToo, told{}, []told{{clienttest.Forgets, errLost}, {nothing, errLost}}, registration.ErrRemovedFromCloud, 2, ""},
		{"disconnected meanwhile", "5.4.0", there, in, syncing, syncsToo, told{}, []told{{clienttest.Disconnects, nil}}, registration.ErrNotRegistered, 2, "it was disconnected meanwhile"},
	}
}
