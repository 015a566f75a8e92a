package failure

// The kinds of folders and files: exchange folders, state folders, stores of grants.
var (
	UnknownRequest   = &Kind{name: "unknown_request", text: "there is no such request in the state folder", remedies: Ways(NameState), broader: []*Kind{InvalidInput}}
	FolderMissing    = &Kind{name: "folder_away", text: "the folder is not there", temporary: true, remedies: Ways(MountFolder)}
	ReadableByOthers = &Kind{
		name: "readable_by_others", text: "others than its owner can read it: it must have mode 0600, and its folder 0700",
		remedies: Ways(ProtectState), broader: []*Kind{InvalidInput},
	}
	Locked        = &Kind{name: "locked", text: "another process is using the folder", temporary: true, remedies: Ways(WaitForOther)}
	StateDamaged  = &Kind{name: "state_damaged", text: "the state folder is damaged", remedies: Ways(Withdraw)}
	NothingKept   = &Kind{name: "nothing_kept", text: "no grant is kept for the workspace", remedies: Ways(KeepGrants)}
	NotOpened     = &Kind{text: "the folder was not opened: open it by its name with OpenFolder, OpenState, OpenLedger or grants.Open", remedies: Ways(OpenFolders), broader: []*Kind{InvalidInput}}
	NoAnswer      = &Kind{name: "no_answer", text: "there is no answer yet", remedies: Ways(CarryFolder)}
	InvalidTokens = &Kind{name: "invalid_tokens", text: "the file of registration tokens cannot be used", remedies: Ways(CorrectTokenFile)}
)

// The kinds of files that are refused.
var (
	NewerFormat    = &Kind{name: "newer_format", text: "the file has a newer format: upgrade to the version that wrote it", remedies: Ways(UpgradeTool), broader: []*Kind{InvalidGrant}}
	CannotOpen     = &Kind{name: "cannot_open", text: "the answer cannot be opened with the key of this request", remedies: Ways(NameKey), broader: []*Kind{InvalidGrant}}
	Truncated      = &Kind{name: "truncated", text: "the file is cut off", temporary: true, remedies: Ways(CopyAnswer)}
	AnswerCutOff   = &Kind{text: "the answer is cut off", temporary: true, remedies: Ways(CopyAnswer), broader: []*Kind{InvalidGrant}}
	TooLarge       = &Kind{name: "too_large", text: "the file is too large", remedies: Ways(MendFolder)}
	SymbolicLink   = &Kind{name: "symbolic_link", text: "it is a symbolic link, which is never followed", remedies: Ways(MendFolder)}
	NotRegular     = &Kind{name: "not_regular", text: "it is not a regular file in a regular folder", remedies: Ways(MendFolder)}
	InvalidName    = &Kind{name: "leads_out", text: "the name leads out of the folder, or is not one that is used here", remedies: Ways(MendFolder)}
	Edited         = &Kind{text: "the content was changed after it was written: its SHA-256 does not match", remedies: Ways(ReplaceAnswer), broader: []*Kind{InvalidGrant}}
	OtherWorkspace = &Kind{text: "it is for another workspace", remedies: Ways(OwnerOfAnswer, ReplaceAnswer), broader: []*Kind{InvalidGrant}}
	OtherRequest   = &Kind{text: "it is the answer to another request", remedies: Ways(ReplaceAnswer), broader: []*Kind{InvalidGrant}}
	Used           = &Kind{text: "it was used before", remedies: Ways(AnswerThisOnly, ReplaceAnswer), broader: []*Kind{InvalidGrant}}
	Closed         = &Kind{text: "the request is closed", remedies: Ways(StartAgain), broader: []*Kind{InvalidInput, Used}}
	Unusable       = &Kind{text: "the answer holds nothing that can be used", remedies: Ways(ReplaceAnswer), broader: []*Kind{InvalidGrant}}
	Malformed      = &Kind{name: "malformed", text: "this is no file of the exchange format", remedies: Ways(MendFolder)}
)

// The kinds of a courier and its ledger.
var (
	LedgerDamaged = &Kind{name: "ledger_damaged", text: "the ledger is damaged", remedies: Ways(RestoreLedger)}
	NotInDoubt    = &Kind{name: "not_in_doubt", text: "the outcome of no token of this request is unknown", remedies: Ways(SeeStatus)}
	NoToken       = &Kind{name: "no_token", text: "there is no registration token for this workspace", remedies: Ways(AddTokens)}
	TokenRefused  = &Kind{text: "Rocket.Chat Cloud refused the registration token", remedies: Ways(NewToken), broader: []*Kind{Rejected}}
	TokenSpent    = &Kind{text: "this registration token was used before: get a new one", remedies: Ways(NewToken), broader: []*Kind{Rejected}}
	GrantLost     = &Kind{name: "grant_lost", text: "the store could not keep the grant", remedies: Ways(MendLostGrant)}
	NoGrant       = &Kind{name: "no_grant", text: "this courier has not kept the workspace's grant, without which the Cloud gives no license", remedies: Ways(KeepGrants)}
)
