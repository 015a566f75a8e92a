package registration

import (
	"errors"

	"github.com/rcreg/registration/offline"
)

// gapFailure is what a failure of the exchange means to the caller.
type gapFailure struct {
	from, to error
	advice   string
}

// fromGap translates why there is no answer that can be used. The workspace was not asked to change anything then.
func fromGap(err error) error {
	return translate(err, append(folderFailures(),
		gapFailure{offline.ErrTruncated, ErrInvalidGrant, "copy the answer again, in full"},
		gapFailure{offline.ErrTooLarge, ErrInvalidGrant, replaceAnswer},
		gapFailure{offline.ErrSymbolicLink, ErrInvalidGrant, replaceAnswer},
		gapFailure{offline.ErrNotRegular, ErrInvalidGrant, replaceAnswer},
		gapFailure{offline.ErrLeadsOut, ErrInvalidGrant, replaceAnswer},
		gapFailure{offline.ErrEdited, ErrInvalidGrant, replaceAnswer},
		gapFailure{offline.ErrOtherWorkspace, ErrInvalidGrant, "take it to the workspace that it is for; " + replaceAnswer},
		gapFailure{offline.ErrOtherRequest, ErrInvalidGrant, replaceAnswer},
		gapFailure{offline.ErrUsed, ErrInvalidGrant, "an answer works once, so get a new one for this request; " + replaceAnswer},
		gapFailure{offline.ErrCannotOpen, ErrInvalidGrant, replaceAnswer},
		gapFailure{offline.ErrUnusable, ErrInvalidGrant, replaceAnswer},
		gapFailure{offline.ErrMalformed, ErrInvalidGrant, replaceAnswer}))
}

// fromFolders translates a failure of the folders, for which no answer is to blame.
func fromFolders(err error) error { return translate(err, folderFailures()) }

func folderFailures() []gapFailure {
	return []gapFailure{
		{offline.ErrFolderAway, nil, "put the stick in, then run the operation again"},
		{offline.ErrLocked, nil, "another run is just asking for this workspace: run the operation again, which goes on with its request"},
		{offline.ErrReadableByOthers, ErrInvalidInput, "make the state folder yours alone (chmod 700), and see who could read it"},
		{offline.ErrNewerFormat, ErrInvalidGrant, "upgrade to the version that wrote it; nothing was handed over"},
		{offline.ErrStateDamaged, nil, "look at what it names: a request that is damaged can be withdrawn; then start again, which writes a new one"},
		{offline.ErrUnknownRequest, ErrInvalidInput, "use the state folder in which the request was made; or start again, which writes a new request"},
		{offline.ErrClosed, ErrInvalidInput, "start again, which writes a new request"},
	}
}

func translate(err error, failures []gapFailure) error {
	for _, f := range failures {
		if errors.Is(err, f.from) {
			return &Error{Kind: f.to, Err: err, Advice: f.advice}
		}
	}
	return &Error{Err: err, Advice: "look at what it names, then run the operation again: nothing is lost"}
}

const replaceAnswer = "let the courier write the answer again, or copy the code from the Cloud console once more; nothing was handed over"
