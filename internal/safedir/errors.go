package safedir

import "errors"

// The reasons to refuse a name, a file or a folder. Everything else is the error of the file system.
var (
	// ErrLeadsOut: the name is not a plain one in the folder.
	ErrLeadsOut = errors.New("the name leads out of the folder, or is not one that is used here")
	// ErrSymbolicLink: the file, or the folder that it is in, is a symbolic link.
	ErrSymbolicLink = errors.New("it is a symbolic link, which is never followed")
	// ErrNotRegular: it is a folder where a file belongs, the other way round, or a device.
	ErrNotRegular = errors.New("it is not a regular file in a regular folder")
	// ErrTooLarge: the file is larger than what is read.
	ErrTooLarge = errors.New("the file is too large")
	// ErrTruncated: the file ends too early.
	ErrTruncated = errors.New("the file is cut off")
	// ErrReadableByOthers: others than the owner may read a file or a folder that holds secrets.
	ErrReadableByOthers = errors.New("others than its owner can read it: it must have mode 0600, and its folder 0700")
	// ErrAway: the folder itself is not there, such as a stick that was pulled out.
	ErrAway = errors.New("the folder is not there")
	// ErrNotOpened: the value that stands for the folder is an empty one, or its name is.
	ErrNotOpened = errors.New("the folder was not opened: open it by its name with OpenFolder, OpenState, OpenVault or OpenLedger")
	// ErrLocked: another process works in the folder.
	ErrLocked = errors.New("another process is using the folder")
)
