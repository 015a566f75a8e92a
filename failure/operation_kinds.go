package failure

// The kinds that operations on a workspace decide, and those of the workspace's refusals.
var (
	InvalidInput       = &Kind{name: "invalid_input", text: "the request is not valid", remedies: Ways(CorrectRequest)}
	Pending            = &Kind{name: "pending", text: "waiting for a confirmation or an answer", remedies: Ways(Confirm)}
	Unsupported        = &Kind{name: "unsupported", text: "not supported by this workspace", remedies: Ways(SeeCapabilities)}
	UnsupportedVersion = &Kind{name: "unsupported_version", text: "version of the server is not supported", remedies: Ways(UpgradeServer), broader: []*Kind{Unsupported}}
	Hosted             = &Kind{text: "this workspace is hosted by Rocket.Chat", remedies: Ways(AskHost), broader: []*Kind{Unsupported}}
	OutcomeUnknown     = &Kind{name: "outcome_unknown", text: "the outcome is unknown", temporary: true, remedies: Ways(ReadStatus)}
	Unauthorized       = &Kind{name: "unauthorized", text: "the workspace does not accept the credentials", remedies: Ways(FixCredentials, PassHeaders)}
	Forbidden          = &Kind{name: "forbidden", text: "the user may not do this", remedies: Ways(AskPermission)}
	TwoFactorRequired  = &Kind{name: "two_factor_required", text: "a second factor is required", remedies: Ways(SecondFactor)}
	TwoFactorInvalid   = &Kind{text: "the second factor is wrong", remedies: Ways(SecondFactor), broader: []*Kind{TwoFactorRequired}}
	RateLimited        = &Kind{name: "rate_limited", text: "there were too many calls", temporary: true, remedies: Ways(Wait)}
	Rejected           = &Kind{name: "rejected", text: "the registration was refused", remedies: Ways(NewToken)}
	EmailDenied        = &Kind{text: "the message was answered, and the Cloud did not accept the registration", remedies: Ways(OtherEmail), broader: []*Kind{Rejected}}
	AlreadyRegistered  = &Kind{name: "already_registered", text: "the workspace is registered already", remedies: Ways(SeeStatus)}
	NotRegistered      = &Kind{name: "not_registered", text: "the workspace is not registered", remedies: Ways(Register)}
	RemovedFromCloud   = &Kind{name: "removed_from_cloud", text: "the Cloud has removed the workspace", remedies: Ways(RegisterAnew)}
	SyncFailed         = &Kind{name: "sync_failed", text: "the sync failed", temporary: true, remedies: Ways(Sync)}
	Expired            = &Kind{name: "expired", text: "the time to confirm has run out", remedies: Ways(StartByEmail)}
	InvalidGrant       = &Kind{name: "invalid_grant", text: "what came from the Cloud cannot be used", remedies: Ways(NewAnswer)}
	OfflineLicense     = &Kind{
		name: "offline_license", text: "the license in force is an offline license: it forbids the workspace to ask the Cloud", broader: []*Kind{Unsupported, Refused},
		remedies: []Remedy{{UseTransport, "relay"}, {UseTransport, "offline"}, {Act: OtherLicense}},
	}
	LicenseWorse      = &Kind{name: "license_worse", text: "the license that the registration brings is worse than the one in force", remedies: Ways(ReplaceLicense)}
	LicenseRefused    = &Kind{name: "license_refused", text: "the workspace refuses the license", remedies: Ways(AskForLicense)}
	LicenseNotInForce = &Kind{name: "license_not_in_force", text: "the license is not in force", remedies: Ways(AskForLicense)}
)

// The kinds of logins that are refused. None passes soon, and one that is blocked stays so when it is tried again.
var (
	LoginRefused = &Kind{text: "the workspace refuses the login", remedies: Ways(FixLogin), broader: []*Kind{Unauthorized}}
	// LoginUnexplained: from 9.0 a refused login has no reason, also where a second factor is missing.
	LoginUnexplained = &Kind{text: "the workspace refuses the login without a reason", remedies: Ways(FixLogin, SuspectFactor), broader: []*Kind{LoginRefused}}
	LoginBlocked     = &Kind{text: "logins are blocked for a time", remedies: Ways(WaitForLogin, LogInWithToken), broader: []*Kind{LoginRefused}}
	NoPassword       = &Kind{text: "the user cannot log in with a password", remedies: Ways(LogInWithToken), broader: []*Kind{LoginRefused}}
	UserNotActive    = &Kind{text: "the user is not active", remedies: Ways(ActivateUser), broader: []*Kind{LoginRefused}}
	EmailUnproven    = &Kind{text: "the user's e-mail address is not verified", remedies: Ways(VerifyEmail, LogInWithToken), broader: []*Kind{LoginRefused}}
	// TokenNotSeen: a token that the workspace gave a moment ago does not count.
	TokenNotSeen = &Kind{text: "the workspace does not see the token that it has just given", remedies: Ways(PassHeaders), broader: []*Kind{Unauthorized}}
)
