package registration

import "github.com/rcreg/registration/workspace"

// Result is what an operation did, as far as the workspace's status shows it: never what a reply claimed.
type Result struct {
	// Operation is the name of the operation, such as "register".
	Operation string `json:"operation"`
	// Before and After are the status before the operation acted and after it.
	Before Status `json:"before"`
	After  Status `json:"after"`
	// Changed reports whether this operation changed the status.
	Changed bool `json:"changed"`
	// Unspent tells that the registration token of the request certainly was not used, although the workspace is registered: a grant that was kept, or another
	// run, has registered it. As in an [Error], a [Transport] says so (see [Unspent]).
	Unspent bool `json:"-"`
	// LostTokens is how many registration tokens of earlier runs were handed over and answered by nobody: the Notes say when, and what to look for.
	LostTokens int `json:"-"`
	// License is what became of the license, where the operation refreshed it: a Sync over a relay or across an air gap.
	License *LicenseResult `json:"license,omitempty"`
	// Calls are the calls that were made to the workspace, in their order; those that put a license in force are in License.
	Calls []workspace.Call `json:"calls"`
	// Notes say what the reader should know besides: an answer that contradicted the status, for example.
	Notes []string `json:"notes,omitempty"`
}
