package sim

import (
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/rcreg/registration/registrationtest"
)

// ErrLicense is the error for a kind of license that no simulation has.
var ErrLicense = errors.New(`a license is "valid", "offline", "expired" or "elsewhere"`)

// licenseOf returns the license of a kind.
func licenseOf(kind string) (registrationtest.LicenseSpec, error) {
	switch kind {
	case "valid":
		return registrationtest.LicenseSpec{}, nil
	case "offline":
		return registrationtest.LicenseSpec{Offline: true}, nil
	case "expired":
		return registrationtest.LicenseSpec{Ends: true, ValidUntil: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)}, nil
	case "elsewhere":
		return registrationtest.LicenseSpec{Address: "elsewhere.example.com"}, nil
	}
	return registrationtest.LicenseSpec{}, ErrLicense
}

// getLicense answers with the text of a license, as Rocket.Chat sends it.
func (s *Server) getLicense(w http.ResponseWriter, r *http.Request) {
	spec, err := licenseOf(r.PathValue("kind"))
	if err != nil {
		controlError(w, http.StatusNotFound, err.Error())
		return
	}
	text, err := s.cloud.License(spec)
	if err != nil {
		controlError(w, http.StatusInternalServerError, err.Error())
		return
	}
	w.Header().Set("Content-Type", "text/plain")
	_, _ = io.WriteString(w, text+"\n") // a client that has left is no concern of the simulation
}
