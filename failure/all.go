package failure

// All returns the kinds. Where an error is of several and no operation decided, the first one counts: what only a fleet has, what an operation decides, what
// this machine and the Cloud say, and at last what a workspace says.
func All() []*Kind {
	return []*Kind{
		NoPool, NoTokens, SameWorkspace, JournalBroken, OtherOperation, Running, JournalLocked, JournalDamaged, TokensLocked, TokensDamaged, TokensBroken, TokenMissing, NotClaimed,
		RefusedInDoubt,

		Usage, Pending, UnsupportedVersion, Hosted, OutcomeUnknown, EmailDenied, Rejected, AlreadyRegistered, NotRegistered, RemovedFromCloud, SyncFailed, Expired,
		InvalidGrant, OfflineLicense, LicenseWorse, LicenseRefused, LicenseNotInForce,

		UnknownRequest, FolderMissing, NoSpace, ReadableByOthers, Locked, LedgerDamaged, NewerFormat, CannotOpen, Timeout, Interrupted,

		CloudUnreachable, CloudFailed, CloudRefused, CloudBadReply,

		NotRocketChat, PlainHTTP, BadAddress, NotSent, Cached, BadReply, ServerAway, ReplyLost, InvalidInput, Unsupported,
		LoginBlocked, NoPassword, UserNotActive, EmailUnproven, LoginUnexplained, LoginRefused, TokenNotSeen, Unauthorized, Forbidden, TwoFactorInvalid, TwoFactorRequired, RateLimited,
		ServerFailed, ServerCutOff, ServerTurnedDown, ServerSlowedDown, Refused,

		TokenRefused, TokenSpent, InvalidToken, TokenUsed, InvalidClient, InvalidDeviceCode, CloudUnauthorized, InvalidRegistrationData, ForeignAddress, RegistrationData,
		UnusableGrant,

		StateDamaged, NothingKept, NotOpened, NoAnswer, InvalidTokens, AnswerCutOff, Truncated, TooLarge, SymbolicLink, NotRegular, InvalidName, Edited, OtherWorkspace, OtherRequest, Closed,
		Used, Unusable, Malformed, NotInDoubt, NoToken, NoGrant, GrantLost, ForeignFile, StorageFailed, Other,
	}
}
