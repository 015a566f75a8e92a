package temporal_test

import (
	"testing"

	"github.com/rcreg/registration/internal/zero"
	"github.com/rcreg/registration/temporal"
)

// TestZeroValuesAreErrors calls every exported function with empty values, and what converters do without a key. None panics, and what can fail says so.
func TestZeroValuesAreErrors(t *testing.T) {
	t.Parallel()
	zero.Package{
		Dir: ".",
		Functions: map[string]any{
			"Bind": temporal.Bind, "RegisterID": temporal.RegisterID, "WaitID": temporal.WaitID, "SyncID": temporal.SyncID, "LicenseID": temporal.LicenseID, "FleetID": temporal.FleetID,
			"NewDataConverter": temporal.NewDataConverter, "NewFailureConverter": temporal.NewFailureConverter, "NewCodec": temporal.NewCodec, "NewKeyring": temporal.NewKeyring,
		},
		Values:  []any{temporal.NewCodec(nil), temporal.NewCodec(&temporal.Keyring{}), temporal.NewDataConverter(nil), temporal.NewFailureConverter(nil)},
		Succeed: []string{"keyConverter.FromPayload", "keyConverter.FromPayloads", "keyConverter.ToPayloads", "DefaultFailureConverter.FailureToError"}, // there is nothing to do
	}.Walk(t)
}
