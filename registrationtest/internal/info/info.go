// Package info is GET /api/info of a fake server: what it tells whom about its version.
//
//	info.Register(srv, info.Config{Release: rel, SupportedVersions: module.SupportedVersions, …})
package info

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/rcreg/registration/registrationtest/internal/release"
	"github.com/rcreg/registration/registrationtest/internal/server"
)

// Config is what the endpoint needs. All of it is required.
type Config struct {
	Release release.Release
	// SupportedVersions returns the signed list of versions that the Cloud serves, asked for from 6.5.
	SupportedVersions func(ctx context.Context) string
	WorkspaceID       func() any    // asked for from 6.13; a text, or nil
	SiteURL           func() string // asked for from 8.6
}

// Register adds /api/info, and /api/v1/info to the releases that have it.
func Register(srv *server.Server, config Config) {
	srv.AddAPIEndpoint(server.Endpoint{Path: "info", Verb: "GET", Anonymous: true, Unlimited: true, Run: config.answer})
	if config.Release.Before("4.0") {
		srv.AddEndpoint(server.Endpoint{Path: "info", Verb: "GET", Anonymous: true, Run: config.oldAnswer})
	}
}

func (c Config) oldAnswer(r *server.Request) (map[string]any, error) {
	info := map[string]any{"version": c.Release.String()}
	if privileged(r) {
		info = c.build()
	}
	return map[string]any{"info": info}, nil
}

// privileged reports whether the caller may see the server's statistics, which the version in full is one of.
func privileged(r *server.Request) bool { return r.Caller.Can("view-statistics") }

func (c Config) answer(r *server.Request) (map[string]any, error) {
	full := privileged(r)
	fields := map[string]any{}
	if full {
		fields["info"] = c.build()
	}
	if !full || c.Release.Since("6.5") {
		fields["version"] = c.version(full)
	}
	if c.Release.Since("6.5") {
		fields["minimumClientVersions"] = minimumClients()
		if signed := c.SupportedVersions(r.Context); signed != "" {
			fields["supportedVersions"] = map[string]any{"signed": signed}
		}
	}
	if c.Release.Since("6.13") {
		fields["cloudWorkspaceId"] = c.WorkspaceID()
	}
	if c.Release.Has(release.AddressShown) {
		address := bare(c.SiteURL())
		fields["workspaceUrl"] = address
		fields["hashedWorkspaceUrl"] = hash(address)
	}
	return fields, nil
}

// version is cut for strangers from 4.3 on.
func (c Config) version(full bool) string {
	if full || c.Release.Before("4.3") {
		return c.Release.String()
	}
	return c.Release.MajorMinor()
}

func minimumClients() map[string]any {
	return map[string]any{"desktop": "3.9.6", "mobile": "4.39.0"}
}

// build is what the server was made of.
func (c Config) build() map[string]any {
	info := map[string]any{
		"version": c.Release.String(),
		"build": map[string]any{
			"date": "2024-01-01T00:00:00.000Z", "nodeVersion": "v14.21.3", "arch": "x64", "platform": "linux",
			"osRelease": "example", "totalMemory": 1, "freeMemory": 1, "cpus": 1,
		},
		"marketplaceApiVersion": "1.0.0",
		"commit":                map[string]any{"hash": "0000000000"},
	}
	return info
}

// bare is an address without its scheme, the form that an offline license may be issued for.
func bare(address string) string {
	if _, rest, ok := strings.Cut(address, "://"); ok {
		address = rest
	}
	return strings.TrimSuffix(address, "/")
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
