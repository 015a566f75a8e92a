package workspace

// Info is what GET /api/info says.
type Info struct {
	// Version is the version of the server, such as "6.4.2", or "6.4" for callers who may not know more.
	Version string
	// Full tells whether Version has more than major and minor.
	Full bool
	// SupportedVersions is the signed list of supported versions (a JWT), from 6.5; else empty.
	SupportedVersions string
	// WorkspaceURL is the address of the workspace as it knows it, from 8.6; else empty.
	WorkspaceURL string
	// HashedWorkspaceURL is the SHA-256 of WorkspaceURL without its scheme, from 8.6; else empty.
	HashedWorkspaceURL string
	// CloudWorkspaceID is the id of the workspace at Rocket.Chat Cloud, from 6.13; else empty.
	CloudWorkspaceID string
	// MinimumDesktop and MinimumMobile are the oldest clients that the server accepts, from 6.5; else empty.
	MinimumDesktop, MinimumMobile string
}
