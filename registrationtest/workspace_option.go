package registrationtest

// workspaceOptions are the settings that a workspace alone has.
type workspaceOptions struct {
	regToken    string
	ownerEmails []string // nil: no such field
	method      TwoFactorMethod
	code        string
	license     *LicenseSpec // nil: none
	// deploymentID is the unique id that the environment fixes; empty for a random one.
	deploymentID string
	readOnlyIn   *int // days; nil: as a fresh workspace
}

func newWorkspaceOptions() workspaceOptions {
	return workspaceOptions{ownerEmails: []string{ownerEmail}}
}

// ownerEmail is the address of the oldest user of a fresh workspace.
const ownerEmail = "admin@example.test"

// WithRegToken starts a workspace with REG_TOKEN in its environment: from 4.3 it registers itself with that token.
func WithRegToken(token string) Option { return func(o *options) { o.regToken = token } }

// WithOwnerEmails sets the addresses of the workspace's oldest user, which the status shows and the Cloud is told.
// Without an address the user has none; with an empty one alone the user has an empty list, which makes the status fail
// up to 4.8.
func WithOwnerEmails(emails ...string) Option {
	return func(o *options) { o.ownerEmails = emailList(emails) }
}

// emailList tells no addresses (nil) from an empty list of addresses.
func emailList(emails []string) []string {
	if len(emails) == 0 {
		return nil
	}
	list := []string{}
	for _, email := range emails {
		if email != "" {
			list = append(list, email)
		}
	}
	return list
}

// WithTwoFactor gives the administrator a second factor, with the code that is right. It is then asked for at every
// login, and from 3.18 at writing a setting. See [Workspace.SetTwoFactor].
func WithTwoFactor(method TwoFactorMethod, code string) Option {
	return func(o *options) { o.method, o.code = method, code }
}

// WithLicense starts a workspace with a license of its Cloud applied, which a fresh one has not. It is there before the workspace registers; see
// [Cloud.License].
func WithLicense(spec LicenseSpec) Option { return func(o *options) { o.license = &spec } }

// WithReadOnlyIn starts a workspace of 7.0 or later that shows that it is read-only in some days, 0 when it is, for want of a valid license. One that is put in force ends that.
func WithReadOnlyIn(days int) Option { return func(o *options) { o.readOnlyIn = &days } }

// WithDeploymentID starts a workspace with DEPLOYMENT_ID in its environment: that is its unique id, which becoming a new workspace does not change.
func WithDeploymentID(id string) Option { return func(o *options) { o.deploymentID = id } }
