package registration

import (
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/offline"
)

// fromGap translates why there is no answer that can be used. The workspace was not asked to change anything then.
func fromGap(err error) error {
	return translate(err, nothingLost, append(folderFailures(),
		meaning{offline.ErrTruncated, ErrInvalidGrant, "copy the answer again, in full"},
		meaning{offline.ErrTooLarge, ErrInvalidGrant, replaceAnswer},
		meaning{offline.ErrSymbolicLink, ErrInvalidGrant, replaceAnswer},
		meaning{offline.ErrNotRegular, ErrInvalidGrant, replaceAnswer},
		meaning{offline.ErrLeadsOut, ErrInvalidGrant, replaceAnswer},
		meaning{offline.ErrEdited, ErrInvalidGrant, replaceAnswer},
		meaning{offline.ErrOtherWorkspace, ErrInvalidGrant, "take it to the workspace that it is for; " + replaceAnswer},
		meaning{offline.ErrOtherRequest, ErrInvalidGrant, replaceAnswer},
		meaning{offline.ErrUsed, ErrInvalidGrant, "an answer works once, so get a new one for this request; " + replaceAnswer},
		meaning{offline.ErrCannotOpen, ErrInvalidGrant, replaceAnswer},
		meaning{offline.ErrUnusable, ErrInvalidGrant, replaceAnswer},
		meaning{offline.ErrMalformed, ErrInvalidGrant, replaceAnswer})...)
}

// fromFolders translates a failure of the folders, for which no answer is to blame.
func fromFolders(err error) error { return translate(err, nothingLost, folderFailures()...) }

func folderFailures() []meaning {
	return []meaning{
		{cloud.ErrInvalidRegistrationData, ErrInvalidInput, adviceSetup},
		{offline.ErrNotOpened, ErrInvalidInput, "open the exchange folder and the state folder: offline.OpenFolder, offline.OpenState"},
		{offline.ErrFolderAway, nil, "put the stick in, then run the operation again"},
		{offline.ErrLocked, nil, "another run is just asking for this workspace: run the operation again, which goes on with its request"},
		{offline.ErrReadableByOthers, ErrInvalidInput, "make the state folder yours alone (chmod 700), and see who could read it"},
		{offline.ErrNewerFormat, ErrInvalidGrant, "upgrade to the version that wrote it; nothing was handed over"},
		{offline.ErrStateDamaged, nil, "look at what it names: a request that is damaged can be withdrawn; then start again, which writes a new one"},
		{offline.ErrUnknownRequest, ErrInvalidInput, "use the state folder in which the request was made; or start again, which writes a new request"},
		{offline.ErrClosed, ErrInvalidInput, "start again, which writes a new request"},
	}
}

const nothingLost = "look at what it names, then run the operation again: nothing is lost"

const replaceAnswer = "let the courier write the answer again, or copy the code from the Cloud console once more; nothing was handed over"
