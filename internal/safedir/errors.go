package safedir

import "github.com/rcreg/registration/failure"

// The reasons to refuse a name, a file or a folder. Everything else is the error of the file system.
var (
	// ErrInvalidName: the name is not a plain one in the folder.
	ErrInvalidName = failure.InvalidName
	// ErrSymbolicLink: the file, or the folder that it is in, is a symbolic link.
	ErrSymbolicLink = failure.SymbolicLink
	// ErrNotRegular: it is a folder where a file belongs, the other way round, or a device.
	ErrNotRegular = failure.NotRegular
	// ErrTooLarge: the file is larger than what is read.
	ErrTooLarge = failure.TooLarge
	// ErrTruncated: the file ends too early.
	ErrTruncated = failure.Truncated
	// ErrReadableByOthers: others than the owner may read a file or a folder that holds secrets.
	ErrReadableByOthers = failure.ReadableByOthers
	// ErrFolderMissing: the folder itself is not there, such as a stick that was pulled out.
	ErrFolderMissing = failure.FolderMissing
	// ErrNotOpened: the value that stands for the folder is an empty one.
	ErrNotOpened = failure.NotOpened
	// ErrLocked: another process works in the folder.
	ErrLocked = failure.Locked
)
