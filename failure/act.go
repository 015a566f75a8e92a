package failure

// Remedy is a way out of a failure. What it says in words depends on who reads it: a program has options where a command line has flags.
type Remedy struct {
	Act Act `json:"act"`
	// With is what the act needs, such as an address, a call, a time or a workspace's id; often empty. Never a secret.
	With string `json:"with,omitempty"`
}

// Act is what can be done about a failure.
type Act string

// The acts that are about the way to a workspace.
const (
	RunAgain         Act = "run_again"
	Wait             Act = "wait" // with the time, where it is known
	ReadLog          Act = "read_log"
	CheckConnection  Act = "check_connection"
	CheckAddress     Act = "check_address"
	CheckHost        Act = "check_host"
	CheckName        Act = "check_name"
	CheckSilence     Act = "check_silence"
	UseAddress       Act = "use_address"
	LetPass          Act = "let_pass" // with the calls
	BypassCache      Act = "bypass_cache"
	RaiseLimit       Act = "raise_limit"
	CheckBetween     Act = "check_between"
	TrustAuthority   Act = "trust_authority"
	MatchCertificate Act = "match_certificate"
	RenewCertificate Act = "renew_certificate"
	UseTLSPort       Act = "use_tls_port"
	CheckTLS         Act = "check_tls"
	CheckServer      Act = "check_server"
	AllowPlainHTTP   Act = "allow_plain_http"
	RunAgainInDoubt  Act = "run_again_in_doubt"
	GiveMoreTime     Act = "give_more_time"
	ShowCalls        Act = "show_calls"
	ServeHTTPS       Act = "serve_https"
	UseHTTPS         Act = "use_https"
	ShowCertificate  Act = "show_certificate"
	RaiseSize        Act = "raise_size"
	LogInToNetwork   Act = "log_in_to_network"
)

// The acts that are about who may do what, and what was asked for.
const (
	FixCredentials  Act = "fix_credentials"
	FixLogin        Act = "fix_login"
	PassHeaders     Act = "pass_headers"
	WaitForLogin    Act = "wait_for_login"
	SuspectFactor   Act = "suspect_second_factor"
	LogInWithToken  Act = "log_in_with_token" //nolint:gosec // the name of an act
	ActivateUser    Act = "activate_user"
	VerifyEmail     Act = "verify_email"
	AskPermission   Act = "ask_permission" // with its name
	SecondFactor    Act = "second_factor"
	CodeFromEmail   Act = "code_from_email"
	GivePassword    Act = "give_password"
	UseAccessToken  Act = "use_access_token"
	CorrectRequest  Act = "correct_request"
	CorrectEntry    Act = "correct_entry" // with the name of the workspace in the list
	CorrectOption   Act = "correct_option"
	MakeClient      Act = "make_client"
	MakeCloudClient Act = "make_cloud_client"
	GiveContext     Act = "give_context"
	SeeCapabilities Act = "see_capabilities"
	UpgradeServer   Act = "upgrade_server"
	UpgradeInTime   Act = "upgrade_in_time" // with the day before which
	UpdateTool      Act = "update_tool"
	UpgradeTool     Act = "upgrade_tool"
	UseTransport    Act = "use_transport" // with its name
)

// The acts that are about a registration.
const (
	SeeStatus           Act = "see_status"
	ReadStatus          Act = "read_status"
	ReadStatusLater     Act = "read_status_later"
	Register            Act = "register"
	RegisterWithToken   Act = "register_with_token"
	RegisterAnew        Act = "register_anew"
	ReplaceRegistration Act = "replace_registration"
	LookForCopy         Act = "look_for_copy"
	Sync                Act = "sync"
	SyncOrRegister      Act = "sync_or_register"
	Reconnect           Act = "reconnect" // over the transport of this name; the direct one without
	ForgetIdentity      Act = "forget_identity"
	RemoveInConsole     Act = "remove_in_console" // with the workspace's id at the Cloud
	SeeConsole          Act = "see_console"       // with the workspace's id at the Cloud
	SeeOthers           Act = "see_others"
	LeaveOriginal       Act = "leave_original"
	NewToken            Act = "new_token"
	CheckToken          Act = "check_token"
	NewTokenIfRefused   Act = "new_token_if_refused" //nolint:gosec // a name, no credential
	CheckCode           Act = "check_code"
	StartByEmail        Act = "start_by_email"
	OtherEmail          Act = "other_email"
	CorrectEmail        Act = "correct_email"
	Confirm             Act = "confirm"
	Resume              Act = "resume" // with the time before which
	UseSameTicket       Act = "use_same_ticket"
	UseSameTransport    Act = "use_same_transport" // with its name
	SeeSetup            Act = "see_setup"
	RestoreTicket       Act = "restore_ticket"
	RemoveOfThatTime    Act = "remove_of_that_time"
	NewTicket           Act = "new_ticket"
	NewStart            Act = "new_start"
	UseToken            Act = "use_token"
	RegisterOver        Act = "register_over" // with the name of the transport
	GiveOwnerEmail      Act = "give_owner_email"
	EndSetup            Act = "end_setup"
	ClearRegistration   Act = "clear_registration"
	SayWhatItIs         Act = "say_what_it_is"
)

// The acts that are about the Cloud, as this machine or the workspace reaches it.
const (
	ReachCloud       Act = "reach_cloud"        // from this machine; with its address
	ServerReachCloud Act = "server_reach_cloud" // from the workspace
	MendServerWay    Act = "mend_server_way"    // from the workspace, which says what is wrong
	CheckCloudWay    Act = "check_cloud_way"
	UseItsCloud      Act = "use_its_cloud"
	LookElsewhere    Act = "look_elsewhere"
	CheckClock       Act = "check_clock"
	SetClock         Act = "set_clock"
	AllowCloud       Act = "allow_cloud"
	AllowSync        Act = "allow_sync"
	KnowsWorkspace   Act = "knows_workspace" // with its id at the Cloud
)

// The acts that are about licenses.
const (
	ApplyAgain     Act = "apply_again"
	ReadLicense    Act = "read_license"
	GiveLicense    Act = "give_license"
	AskForLicense  Act = "ask_for_license"
	SeeInServer    Act = "see_in_server"
	CancelLicense  Act = "cancel_license"
	OtherLicense   Act = "other_license"
	ForceLicense   Act = "force_license" // with the license in force, which ends then
	RenewLicense   Act = "renew_license"
	RestoreLicense Act = "restore_license" // with the license that was in force
	ReplaceLicense Act = "replace_license"
	KeepWritable   Act = "keep_writable"
	UseAdmin       Act = "use_admin"
	KeepGrants     Act = "keep_grants"
	NameStore      Act = "name_store"
	OtherStore     Act = "other_store"
	MendStore      Act = "mend_store"
	MendLostGrant  Act = "mend_lost_grant"
	CompleteGrant  Act = "complete_grant"
	OpenWithKey    Act = "open_with_key"
	NewAnswer      Act = "new_answer"
	CopyAnswer     Act = "copy_answer"
	ReplaceAnswer  Act = "replace_answer"
	OwnerOfAnswer  Act = "owner_of_answer"
	AnswerThisOnly Act = "answer_this_only"
)

// The acts that are about folders and files.
const (
	CarryFolder      Act = "carry_folder"
	OpenFolders      Act = "open_folders"
	Settle           Act = "settle" // with the request
	EmptyRequest     Act = "empty_request"
	MountFolder      Act = "mount_folder"
	MakeRoom         Act = "make_room"
	ProtectState     Act = "protect_state"
	WaitForOther     Act = "wait_for_other"
	MendFolder       Act = "mend_folder"
	Withdraw         Act = "withdraw"
	NameState        Act = "name_state"
	StartAgain       Act = "start_again"
	RestoreLedger    Act = "restore_ledger"
	RestoreMemory    Act = "restore_memory"
	AddTokens        Act = "add_tokens"
	NamePool         Act = "name_pool"
	RestoreToken     Act = "restore_token"
	RestoreTokens    Act = "restore_tokens"
	WriteTokens      Act = "write_tokens"
	WaitForTokens    Act = "wait_for_tokens"
	RestoreJournal   Act = "restore_journal"
	WriteJournal     Act = "write_journal"
	WaitForJournal   Act = "wait_for_journal"
	OtherJournal     Act = "other_journal"
	WaitForFleet     Act = "wait_for_fleet"
	LeaveOut         Act = "leave_out" // with the name of the other one
	NameKey          Act = "name_key"
	ResumeRun        Act = "resume_run"
	AskHost          Act = "ask_host"
	RemoveLeftover   Act = "remove_leftover"
	RemoveIfShown    Act = "remove_if_shown"
	GiveExchange     Act = "give_exchange"
	CorrectReference Act = "correct_reference"
	StartWorkflow    Act = "start_workflow"
	SeeWorkerLog     Act = "see_worker_log"
	CorrectTokenFile Act = "correct_token_file"
)

// InWords is an act of a transport that a user wrote: With says what to do, in words.
const InWords Act = "in_words"

// Ways are ways out that need nothing, the likeliest first.
func Ways(acts ...Act) []Remedy {
	remedies := make([]Remedy, len(acts))
	for i, act := range acts {
		remedies[i].Act = act
	}
	return remedies
}

// Way is a way out that needs something.
func Way(act Act, with string) []Remedy { return []Remedy{{act, with}} }
