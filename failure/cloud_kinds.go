package failure

// The kinds of calls to Rocket.Chat Cloud.
var (
	CloudUnreachable = &Kind{name: "cloud_unreachable", text: "Rocket.Chat Cloud cannot be reached", temporary: true, remedies: Ways(ReachCloud)}
	CloudFailed      = &Kind{name: "cloud_failed", text: "Rocket.Chat Cloud fails at the moment", temporary: true, remedies: Ways(Wait)}
	CloudBadReply    = &Kind{name: "cloud_bad_reply", text: "the reply is not one of Rocket.Chat Cloud", remedies: Ways(CheckCloudWay)}
	CloudRefused     = &Kind{name: "cloud_refused", text: "Rocket.Chat Cloud refused", remedies: Ways(SeeConsole, CheckCloudWay), broader: []*Kind{Rejected}}

	InvalidToken      = &Kind{text: "the registration token is not one that Rocket.Chat Cloud knows", remedies: Ways(NewToken, RemoveIfShown), broader: []*Kind{Rejected}}
	TokenUsed         = &Kind{text: "the registration token has been used already", remedies: Ways(NewToken, RemoveLeftover), broader: []*Kind{Rejected}}
	InvalidClient     = &Kind{text: "Rocket.Chat Cloud does not accept the credentials of the workspace", remedies: Ways(RegisterAnew), broader: []*Kind{Rejected}}
	InvalidDeviceCode = &Kind{text: "the device code is unknown or has expired", remedies: Ways(StartByEmail), broader: []*Kind{Rejected}}
	CloudUnauthorized = &Kind{text: "Rocket.Chat Cloud refused the access token", remedies: Ways(SeeConsole, CheckCloudWay), broader: []*Kind{Rejected}}

	InvalidRegistrationData = &Kind{text: "the registration data is not valid", remedies: Ways(SeeSetup), broader: []*Kind{InvalidInput}}
	UnusableGrant           = &Kind{text: "the grant is not valid", remedies: Ways(RegisterAnew), broader: []*Kind{InvalidGrant}}
	ForeignAddress          = &Kind{text: "the registration_client_uri leads to another server", remedies: Ways(UseItsCloud), broader: []*Kind{InvalidGrant}}
	RegistrationData        = &Kind{
		text:     "this is the workspace's own registration data: take it to the Cloud, and bring back the Cloud's answer",
		remedies: Ways(NewAnswer), broader: []*Kind{InvalidGrant},
	}
)
