package httpclient

import (
	"bytes"
	"net/http"

	"github.com/rcreg/registration/failure"
)

// WayPast is the way past what stands in front of a server and wrote a refusal in its place, where that is known by its status or the fixed words of its page; empty where it
// is not.
func (r *Reply) WayPast() failure.Act {
	switch r.Status {
	case http.StatusRequestEntityTooLarge:
		return failure.RaiseSize
	case http.StatusNetworkAuthenticationRequired:
		return failure.LogInToNetwork
	case http.StatusBadRequest, http.StatusForbidden, noCertificate:
	default:
		return ""
	}
	for _, wall := range []struct {
		words string
		act   failure.Act
	}{
		{"No required SSL certificate was sent", failure.ShowCertificate}, // nginx
		{"The SSL certificate error", failure.ShowCertificate},
		{"plain HTTP request was sent to HTTPS port", failure.UseHTTPS},         // nginx
		{"speaking plain HTTP to an SSL-enabled server port", failure.UseHTTPS}, // Apache
		{"Client sent an HTTP request to an HTTPS server.", failure.UseHTTPS},   // Go: Caddy, Traefik
	} {
		if bytes.Contains(r.Body, []byte(wall.words)) {
			return wall.act
		}
	}
	return ""
}

// noCertificate is nginx's own status, which it mostly sends as 400.
const noCertificate = 496
