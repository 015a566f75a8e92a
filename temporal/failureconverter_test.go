package temporal

import (
	"errors"
	"strings"
	"testing"

	sdk "go.temporal.io/sdk/temporal"
)

// TestMessagesOfErrorsAreEncrypted, and come back as they were.
func TestMessagesOfErrorsAreEncrypted(t *testing.T) {
	t.Parallel()
	errs := NewFailureConverter(newKeyring(t, "a"))
	failed := errs.ErrorToFailure(sdk.NewNonRetryableApplicationError("chat.example.com says no", "forbidden", nil, Failure{Advice: "ask for more"}))
	if text := failed.String(); strings.Contains(text, "chat.example.com") || strings.Contains(text, "ask for more") {
		t.Errorf("it can be read: %s", text)
	}
	var got *sdk.ApplicationError
	var detail Failure
	if err := errs.FailureToError(failed); !errors.As(err, &got) || got.Message() != "chat.example.com says no" || got.Type() != "forbidden" || got.Details(&detail) != nil || detail.Advice != "ask for more" {
		t.Errorf("%v, %+v", err, detail)
	}
}
