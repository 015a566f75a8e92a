package registration

import (
	"errors"
	"strings"

	"github.com/rcreg/registration/workspace"
)

// codeRefused tells whether a poll failed because the Cloud does not know the device code, and not because it was away for a moment. Servers pass on the
// Cloud's answer in their sentence only: "failed [400] …" up to 6.0, the bare code at 6.4 ("invalid_device_code"), "…: Bad Request" from 6.5.
func codeRefused(err error) bool {
	var failure *workspace.Error
	if !errors.As(err, &failure) {
		return false
	}
	for _, sign := range []string{"[400]", "[401]", "[403]", "[404]", "[410]", "invalid_", "expired", "Bad Request", "Unauthorized", "Forbidden", "Not Found", "Gone"} {
		if strings.Contains(failure.Message, sign) {
			return true
		}
	}
	return false
}
