package rocketcloud

import (
	"encoding/json"
	"io"
	"net/http"
)

// maxBody is the largest request that the Cloud reads, in bytes.
const maxBody = 1 << 20

// registrationData is what a workspace tells about itself, as far as the Cloud looks at it. Which fields there are
// depends on the version.
type registrationData struct {
	UniqueID     string `json:"uniqueId"`
	WorkspaceID  string `json:"workspaceId"`
	Address      string `json:"address"`
	SiteName     string `json:"siteName"`
	ContactEmail string `json:"contactEmail"`
	Version      string `json:"version"`
}

// read decodes the JSON body of a request. It answers the request itself and returns false when there is none.
func read(w http.ResponseWriter, r *http.Request, into any) bool {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		refuse(w, http.StatusRequestEntityTooLarge, "payload_too_large")
		return false
	}
	if err := json.Unmarshal(body, into); err != nil {
		refuse(w, http.StatusBadRequest, "invalid_payload")
		return false
	}
	return true
}

// answer writes a JSON body.
func answer(w http.ResponseWriter, status int, value any) {
	body, err := json.Marshal(value)
	if err != nil {
		status, body = http.StatusInternalServerError, []byte(`{"error":"internal_error"}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body) // a client that has left is no concern of the Cloud
}

// refuse writes the Cloud's error body: {"error": "<code>"}.
func refuse(w http.ResponseWriter, status int, code string) {
	answer(w, status, map[string]string{"error": code})
}
