package offline

import (
	"errors"
	"fmt"
)

// Receive puts a request that came as a text into the folder, for a courier: what came through a scanner, or by mail. One that is there already stays.
// Errors: those of [ParseRequest], those of the file system, and [ErrOtherRequest] when the folder has another request with the same id.
func (f *Folder) Receive(text []byte) (Request, error) {
	const op = "receive the request"
	request, err := ParseRequest(text)
	if err != nil {
		return Request{}, failed(op, "", errors.Unwrap(err))
	}
	if there, err := f.Request(request.ID()); err == nil {
		if there.Digest() != request.Digest() {
			return Request{}, failed(op, request.ID(), fmt.Errorf("the folder has one with this id: %w", ErrOtherRequest))
		}
		return there, nil
	}
	if err := f.writeRequest(request); err != nil {
		return Request{}, failed(op, request.ID(), err)
	}
	return request, nil
}
