package registration_test

import (
	"encoding/json"
	"testing"

	"github.com/jarcoal/httpmock"
)

// FuzzStatus reads odd statuses, over both protocols: no panic, and a state always.
func FuzzStatus(f *testing.F) {
	for _, seed := range []string{
		"", "null", `[]`, `"x"`, `{}`, `{"workspaceRegistered":true,"workspaceId":"w","uniqueId":"u","connectToCloud":true,"email":"a@example.com","token":"t"}`,
		`{"registered":true,"workspaceRegistered":false,"connectToCloud":"true"}`, `{"workspaceRegistered":1,"workspaceId":{},"uniqueId":[],"email":null}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, status []byte) {
		message, err := json.Marshal(`{"msg":"result","id":"1","result":` + string(status) + `}`)
		if err != nil {
			t.Fatal(err)
		}
		for version, responders := range map[string]map[string]httpmock.Responder{
			"4.4.0": {"POST /api/v1/method.call/cloud%3AcheckRegisterStatus": jsonReply(`{"success":true,"message":` + string(message) + `}`)},
			"9.0.0": {"GET /api/v1/cloud.registrationStatus": jsonReply(`{"success":true,"registrationStatus":` + string(status) + `}`)},
		} {
			got, err := licenseClient(t, version, responders).Status(t.Context())
			if (err == nil) != (got.State != "") {
				t.Errorf("%q of %s was read as %+v, %v", status, version, got, err)
			}
		}
	})
}
