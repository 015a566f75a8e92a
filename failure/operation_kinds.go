package failure

// The kinds that operations on a workspace decide, and those of the workspace's refusals.
var (
	InvalidInput       = &Kind{name: "invalid_input", text: "the request is not valid", remedies: ways(CorrectRequest)}
	Pending            = &Kind{name: "pending", text: "it waits for somebody", remedies: ways(Confirm)}
	Unsupported        = &Kind{name: "unsupported", text: "not supported by this workspace", remedies: ways(SeeCapabilities)}
	UnsupportedVersion = &Kind{name: "unsupported_version", text: "version of the server is not supported", remedies: ways(UpgradeServer), broader: []*Kind{Unsupported}}
	OutcomeUnknown     = &Kind{name: "outcome_unknown", text: "the outcome is unknown", temporary: true, remedies: ways(ReadStatus)}
	Unauthorized       = &Kind{name: "unauthorized", text: "the workspace does not accept the credentials", remedies: ways(FixCredentials)}
	Forbidden          = &Kind{name: "forbidden", text: "the user may not do this", remedies: ways(AskPermission)}
	TwoFactorRequired  = &Kind{name: "two_factor_required", text: "a second factor is required", remedies: ways(SecondFactor)}
	TwoFactorInvalid   = &Kind{text: "the second factor is wrong", remedies: ways(SecondFactor), broader: []*Kind{TwoFactorRequired}}
	RateLimited        = &Kind{name: "rate_limited", text: "there were too many calls", temporary: true, remedies: ways(Wait)}
	Rejected           = &Kind{name: "rejected", text: "the registration was refused", remedies: ways(NewToken)}
	EmailDenied        = &Kind{text: "the message was answered, and the Cloud did not accept the registration", remedies: ways(OtherEmail), broader: []*Kind{Rejected}}
	AlreadyRegistered  = &Kind{name: "already_registered", text: "the workspace is registered already", remedies: ways(SeeStatus)}
	NotRegistered      = &Kind{name: "not_registered", text: "the workspace is not registered", remedies: ways(Register)}
	RemovedFromCloud   = &Kind{name: "removed_from_cloud", text: "the Cloud has removed the workspace", remedies: ways(RegisterAnew)}
	SyncFailed         = &Kind{name: "sync_failed", text: "the sync failed", temporary: true, remedies: ways(Sync)}
	Expired            = &Kind{name: "expired", text: "the time to confirm has run out", remedies: ways(StartByEmail)}
	InvalidGrant       = &Kind{name: "invalid_grant", text: "what came from the Cloud cannot be used", remedies: ways(NewAnswer)}
	LicenseRefused     = &Kind{name: "license_refused", text: "the workspace refuses the license", remedies: ways(AskForLicense)}
	LicenseNotInForce  = &Kind{name: "license_not_in_force", text: "the license is not in force", remedies: ways(AskForLicense)}
)
