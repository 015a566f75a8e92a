package offline

import (
	"context"
	"log/slog"

	"github.com/rcreg/registration/cloud"
)

// Courier is the connected side of an air gap: it takes every request in an exchange folder to Rocket.Chat Cloud and writes the answers.
type Courier struct {
	Cloud  Cloud
	Tokens Tokens
	Folder *Folder
	Ledger *Ledger
	// KeepGrants keeps the grant of each registration, so that licences can be fetched later: with them the ledger's folder holds the client secrets
	// of all workspaces. Without it no client secret is kept, and requests for licences are left without an answer.
	KeepGrants bool
	// Concurrency is how many requests are exchanged at a time; 0 means 4.
	Concurrency int
	Clock       Clock        // nil is the machine's
	Logger      *slog.Logger // nil logs nothing
}

// Applicant is what a registration tells the Cloud of a workspace (POST /api/oauth/clients).
type Applicant struct {
	Email       string // contactEmail of the registration data; may be empty
	ClientName  string // siteName
	RedirectURI string // <address>/admin/cloud/oauth-callback
}

// Cloud is what a courier asks of Rocket.Chat Cloud.
type Cloud interface {
	// Exchange spends a registration token for a grant. An error wraps ErrNotSpent when the token is certainly unspent and may be tried again, and
	// ErrTokenRefused when the Cloud refused it; after any other error nobody knows.
	Exchange(ctx context.Context, token cloud.Secret, who Applicant) (cloud.Grant, error)
	// License fetches the present licence of the workspace that a grant belongs to, in the newest format that it reads (licenseVersion of the
	// registration data: 0 in 3.0, 2 from 3.1, 3 from 6.5).
	License(ctx context.Context, g cloud.Grant, version int) (cloud.LicenseData, error)
}

// Run exchanges every request in the folder, and returns what became of each. One bad request does not stop the others, and a second run does nothing
// twice. The error is of what stops all: the folder or the ledger cannot be used, or ctx is done; the report then holds what was done before.
func (c *Courier) Run(ctx context.Context) (Report, error) { panic("not yet") }
