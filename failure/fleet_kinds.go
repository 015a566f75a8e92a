package failure

// The kinds that only fleets have, with their journals and pools of tokens.
var (
	JournalLocked  = &Kind{name: "journal_locked", text: "another process uses the journal", remedies: Ways(WaitForJournal)}
	JournalDamaged = &Kind{name: "journal_damaged", text: "the journal is damaged", remedies: Ways(RestoreJournal)}
	JournalBroken  = &Kind{name: "journal_broken", text: "the journal cannot be written", remedies: Ways(WriteJournal)}
	OtherOperation = &Kind{name: "other_operation", text: "the journal belongs to another operation", remedies: Ways(OtherJournal)}
	TokensLocked   = &Kind{name: "tokens_locked", text: "another process uses the pool of tokens", remedies: Ways(WaitForTokens)}
	TokensDamaged  = &Kind{name: "tokens_damaged", text: "the memory of the pool of tokens is damaged", remedies: Ways(RestoreTokens)}
	TokensBroken   = &Kind{name: "tokens_broken", text: "the memory of the pool of tokens cannot be written", remedies: Ways(WriteTokens)}
	TokenMissing   = &Kind{
		name: "token_missing", text: "the token that is bound to the workspace is no longer in the pool's file: put it back", remedies: Ways(RestoreToken),
	}
	NotClaimed    = &Kind{name: "not_claimed", text: "no token is claimed for the workspace", remedies: Ways(AddTokens)}
	NoTokens      = &Kind{name: "no_tokens", text: "the pool has no registration token left: add more to its file, and run it again", remedies: Ways(AddTokens)}
	NoPool        = &Kind{text: "no pool of registration tokens was given", remedies: Ways(NamePool), broader: []*Kind{NoTokens}}
	SameWorkspace = &Kind{name: "same_workspace", text: "it is the same workspace as another one", remedies: Ways(LeaveOut)}
	Running       = &Kind{
		name: "running", text: "the fleet is at work already: begin the next run when the loop over the last one has ended", remedies: Ways(WaitForFleet),
	}
	ForeignFile = &Kind{
		name: "foreign_file", text: "it does not begin as this file has to: it is another file, or its beginning is damaged, and it was left as it is",
		remedies: Ways(MendFolder),
	}
	RefusedInDoubt = &Kind{text: "a token that was handed over before is refused", temporary: true, remedies: Ways(RunAgain), broader: []*Kind{Rejected}}
)
