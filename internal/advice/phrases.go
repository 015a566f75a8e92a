package advice

import "github.com/rcreg/registration/failure"

// phrases are the words for all acts. {again} is another run, {with} what the act needs, and [brackets] hold what falls away without that.
func phrases() [][]phrase {
	return [][]phrase{aboutTheWay(), aboutPermission(), aboutStatus(), aboutRegistering(), aboutTheCloud(), aboutLicenses(), aboutAnswers(), aboutFolders(), aboutFleets()}
}

func aboutTheWay() []phrase {
	return []phrase{
		{failure.RunAgain, "{again}", ""},
		{failure.Wait, "wait[ until {with}], then {again}", ""},
		{failure.ReadLog, "read the server's log, then {again}", ""},
		{failure.CheckConnection, "check address, network, certificate and proxy, then {again}", ""},
		{failure.CheckAddress, "check the address, the sub-path, and what else may answer there: a proxy, a login page, another program", ""},
		{failure.CheckHost, "check host and port, the firewall, the proxy (HTTPS_PROXY), and that the server runs", ""},
		{failure.CheckName, "check the spelling of the host, and the name server of this machine", ""},
		{failure.CheckSilence, "it does not answer in time: check host and port, a firewall that drops packets, and the load of the server", ""},
		{failure.CheckServer, "see that the server runs: what is in front of it, such as a proxy, answers in its place. Then {again}", ""},
		{failure.AllowPlainHTTP, "use the https address; or allow plain HTTP with WithPlainHTTP, where the network is trusted", "use the https address; or {again} with --plain-http, where the network is trusted"},
		{failure.UseAddress, "use the address that it leads to[: {with}], and see that no login page stands before the API", ""},
		{failure.LetPass, "let {with} pass to the workspace, then {again}", ""},
		{failure.BypassCache, "let GET /api/v1/* and /api/info pass without a cache in what is in front of the workspace, then {again}", ""},
		{failure.RaiseLimit, "let what is in front of the workspace, which counts the calls, allow more of them", ""},
		{failure.CheckBetween, "check what stands between this machine and the workspace, such as a proxy, then {again}", ""},
		{failure.TrustAuthority, "make this machine trust the certificate's authority (SSL_CERT_FILE), or give the client a transport that does", "name a PEM file with the certificate's authority with --ca-file, or make this machine trust it (SSL_CERT_FILE)"},
		{failure.MatchCertificate, "use an address that the certificate is for, or get one that is for this address", ""},
		{failure.RenewCertificate, "renew the certificate, and check the clock of this machine", ""},
		{failure.UseTLSPort, "see whether this port speaks plain HTTP, and use the one that speaks TLS", ""},
		{failure.CheckTLS, "check certificate, client certificate and TLS versions of what stands before the workspace", "check what stands before the workspace: its certificate, its TLS versions, and whether it asks for a client certificate (--client-cert)"},
		{failure.UseHTTPS, "use the https address: behind this port TLS is spoken", ""},
		{failure.ShowCertificate, "give the client a transport with the client certificate that is asked for on the way (WithRoundTripper), then {again}", "name the client certificate that is asked for on the way with --client-cert and --client-key, then {again}"},
		{failure.RaiseSize, "let what stands in front take larger requests (nginx: client_max_body_size), then {again}", ""},
		{failure.LogInToNetwork, "log in to the network that this machine is in, whose portal answers in place of the server, then {again}", ""},
		{failure.ServeHTTPS, "serve the workspace over HTTPS", ""},
		{failure.GiveMoreTime, "give the context more time, then {again}", "allow more time with --timeout, then {again}"},
		{failure.RunAgainInDoubt, "{again}: if the Cloud says then that the token was used, its grant is lost; remove the workspace in the Cloud console and get a new token", ""},
		{failure.ShowCalls, "see the Calls of the Result, or read the server's log; then {again}", "{again} with --verbose, to see what was asked and answered"},
	}
}

func aboutPermission() []phrase {
	return []phrase{
		{failure.FixCredentials, "check the user id and the token: a personal access token does not expire, and ends when it is removed, its user is deactivated, or an upgrade of the server ends it", ""},
		{failure.PassHeaders, "let what is in front of the workspace, such as a proxy, pass the headers X-User-Id and X-Auth-Token on", ""},
		{failure.FixLogin, "check the user and the password", ""},
		{failure.SuspectFactor, "if they are right, the user may have a second factor, for which this server does not ask: use a personal access token and its user id",
			"if they are right, the user may have a second factor, for which this server does not ask: set RCREG_USER_ID and RCREG_AUTH_TOKEN to a personal access token"},
		{failure.WaitForLogin, "wait some minutes before the next login: another one before that prolongs the block", ""},
		{failure.LogInWithToken, "use a personal access token and its user id", "set RCREG_USER_ID and RCREG_AUTH_TOKEN to a personal access token"},
		{failure.ActivateUser, "have an administrator activate the user, or use another one", ""},
		{failure.VerifyEmail, "have the user's e-mail address verified", ""},
		{failure.AskPermission, "use an administrator[, or a user whose role has the permission {with}]", ""},
		{failure.UseAdmin, "use an administrator", ""},
		{failure.SecondFactor, "give a fresh code through workspace.WithTwoFactor, or use a personal access token that needs none", "{again} on a terminal, or set RCREG_2FA_CODE to a fresh code"},
		{failure.CodeFromEmail, "give the code that the workspace sent by e-mail through workspace.WithTwoFactor, or use a personal access token that needs none", "{again} on a terminal, or set RCREG_2FA_CODE to the code that the workspace sent by e-mail"},
		{failure.GivePassword, "give the user's password through workspace.WithTwoFactor: it is the second factor of a user who has set up no other", "{again} on a terminal, or set RCREG_PASSWORD to the user's password: it is the second factor of a user who has set up no other"},
		{failure.UseAccessToken, "use a personal access token that needs no second factor", ""},
		{failure.CorrectRequest, "correct the request[: {with}]", ""},
		{failure.CorrectEntry, "correct the entry of {with} in the list, or the file or variable that it names", ""},
		{failure.CorrectOption, "correct the option[: {with}]", ""},
		{failure.MakeClient, "make one with {with}", "{again}: this is a fault of the program, please report it"},
		{failure.MakeCloudClient, "make one with cloud.New", "name the Cloud with --cloud-url"},
		{failure.GiveContext, "use context.Background, better with a time limit", "{again}: this is a fault of the program, please report it"},
		{failure.SeeCapabilities, "see the capabilities of this version, and whether a proxy hides a part of its API", "see rcreg capabilities, and whether a proxy hides a part of the API"},
		{failure.UpgradeServer, "upgrade the server: nothing below 3.0 can be registered with the Cloud", ""},
		{failure.UpgradeInTime, "upgrade the server to a version that is supported[, before {with}: from then on the Cloud refuses its services]", ""},
		{failure.UpdateTool, "see whether there is a newer version of this program", ""},
		{failure.UpgradeTool, "upgrade to the version that wrote it", "upgrade rcreg to the version that wrote it"},
		{failure.UseTransport, "use the {with} transport", "{again} with {via}"},
	}
}

func aboutStatus() []phrase {
	return []phrase{
		{failure.SeeStatus, "read the status", "see rcreg status"},
		{failure.ReadStatus, "read the status once the workspace answers again, then {again}: it does nothing twice", "see rcreg status once the workspace answers again, then {again}: it does nothing twice"},
		{failure.ReadStatusLater, "read the status first, in a minute or two: a server goes on after its client has left. Then {again}, if it is still needed", ""},
		{failure.Register, "register it", "run rcreg register --token-file FILE"},
		{failure.RegisterWithToken, "register it with a token from the Cloud console", "run rcreg register --token-file FILE"},
		{failure.RegisterAnew, "register it again with a new token from the Cloud console", ""},
		{failure.ReplaceRegistration, "register it once more with Request.Replace and a new token, over its own connection (Direct): nothing else replaces its registration",
			"run rcreg register --replace --via direct --token-file FILE with a new token: nothing else replaces its registration"},
		{failure.LookForCopy, "if it was not removed there, look for a copy of this workspace that took its identity", ""},
		{failure.Sync, "sync again", "sync again with rcreg sync"},
		{failure.SyncOrRegister, "sync it if it is registered, register it with a new token if it is not", "run rcreg sync if it is registered, rcreg register with a new token if it is not"},
		{failure.Reconnect, "reconnect it[ over the {with} transport]: that needs no token", "run rcreg reconnect[ --via {with}]: that needs no token"},
		{failure.ForgetIdentity, "disconnect with ForgetIdentity, which also gives it a new unique id", "run rcreg disconnect --forget-identity, which also gives it a new unique id"},
		{failure.RemoveInConsole, "remove the workspace[ {with}] in the Cloud console, then sync it once: it forgets its registration",
			"remove the workspace[ {with}] in the Cloud console, then run rcreg sync: it forgets its registration"},
		{failure.SeeConsole, "see in the Cloud console what it says of the workspace[ {with}]", ""},
		{failure.SeeOthers, "see who else works on it", ""},
		{failure.LeaveOriginal, "a moved workspace needs nothing but its new Site_Url and a sync. A copy: disconnect it, so that it leaves the registration to its original; or upgrade it to 6.5", ""},
	}
}

func aboutRegistering() []phrase {
	return []phrase{
		{failure.NewToken, "get a new registration token from the Cloud console, and pass it whole", ""},
		{failure.CheckToken, "the workspace does not say why. Check that the token is whole, unused and not expired, and that the workspace reaches https://cloud.rocket.chat; then try again, with a new token if need be", ""},
		{failure.NewTokenIfRefused, "{again} as it was, and with a new token or message if it is refused then", ""},
		{failure.CheckCode, "the workspace does not always say why. Check that it reaches https://cloud.rocket.chat and resume again", "the workspace does not always say why. Check that it reaches https://cloud.rocket.chat and run rcreg resume again"},
		{failure.StartByEmail, "start the registration again by e-mail: the old message no longer works", "start again with rcreg register --email ADDRESS, which sends a new message"},
		{failure.OtherEmail, "the Cloud gives no reason, and may refuse addresses of free-mail providers: start the registration again with an address of the organization",
			"the Cloud gives no reason, and may refuse addresses of free-mail providers: start again with rcreg register --email ADDRESS and an address of the organization"},
		{failure.CorrectEmail, "the workspace does not always say why. Check the e-mail address, of which the Cloud does not take each, and that the workspace reaches https://cloud.rocket.chat; then {again}", ""},
		{failure.Confirm, "have it confirmed, then resume with the ticket", "confirm the message, then run rcreg resume"},
		{failure.Resume, "resume with the same ticket[ before {with}]", "run rcreg resume[ before {with}]"},
		{failure.UseSameTicket, "use the ticket that this workspace returned, as it was saved; if the workspace was given a new unique id since, start again", ""},
		{failure.UseSameTransport, "resume over the transport that started the registration", "run rcreg resume with the --via that started the registration"},
		{failure.SeeSetup, "look at the workspace's setup: it has to tell its unique id and its address (Site_Url)", ""},
		{failure.RemoveIfShown, "should the console show the workspace all the same, remove it there first", ""},
		{failure.RemoveLeftover, "if a run before this one was cut off, remove what it registered in the Cloud console", ""},
		{failure.AskHost, "nothing: its host keeps it connected; ask Rocket.Chat's support when it is not", ""},
		{failure.RestoreTicket, "restore the file; or start again: Register writes a new ticket", "restore the file; or start again with rcreg register, which writes a new ticket"},
		{failure.RemoveOfThatTime, "look in the Cloud console for a registration from that time and remove it, then {again} with a new token", ""},
		{failure.NewTicket, "start again: Register writes a new ticket", "start again with rcreg register, which writes a new ticket"},
		{failure.NewStart, "the Cloud's answer was incomplete or revoked at once, and the token or code is probably spent: start again with a new one", ""},
		{failure.UseToken, "use a registration token from the Cloud console: servers register by e-mail from 4.4", "use a registration token from the Cloud console, with --token-file: servers register by e-mail from 4.4"},
		{failure.RegisterOver, "register it over the {with} transport", "run rcreg register {via}{token}"},
		{failure.GiveOwnerEmail, "if its oldest user has no e-mail address, give that user one: servers up to 4.8 show no status without it, and newer ones say that they are offline", ""},
		{failure.SayWhatItIs, "say with ConfirmDeployment whether it is a copy or was moved", "say that it is a copy with rcreg deployment confirm new-workspace, or was moved with rcreg deployment confirm updated-configuration"},
		{failure.EndSetup, "end it: as an administrator in a browser, or by setting Show_Setup_Wizard to completed once the workspace is registered", "run rcreg register --complete-setup, which needs no token on a registered workspace; or end it as an administrator in a browser"},
		{failure.ClearRegistration, "where DEPLOYMENT_ID in the server's environment fixes the id, change it or take it out there and restart the server; then {again}: until the id is another one, the Cloud may take this workspace for its original", ""},
	}
}

func aboutTheCloud() []phrase {
	return []phrase{
		{failure.ReachCloud, "check this machine's connection to the Cloud[ at {with}], directly or over HTTPS_PROXY, then {again}", ""},
		{failure.ServerReachCloud, "let the workspace reach https://cloud.rocket.chat, directly or over its HTTPS_PROXY, then {again}", ""},
		{failure.MendServerWay, "the workspace says what keeps it from the Cloud: mend the way of its server to https://cloud.rocket.chat (name server, certificates, proxy), then {again}", ""},
		{failure.CheckCloudWay, "check what stands between this machine and the Cloud: a proxy, a login page", ""},
		{failure.UseItsCloud, "ask the Cloud that gave it, whose address is an option of cloud.New", "ask the Cloud that gave it, with --cloud-url"},
		{failure.LookElsewhere, "look again from a machine that reaches https://releases.rocket.chat", ""},
		{failure.CheckClock, "check the clock of this machine; if it is right, sync the workspace, which then fetches a new list", ""},
		{failure.SetClock, "set the clock of this machine, then {again}", ""},
		{failure.AllowCloud, "allow to ask the Cloud (diagnose.AskCloud)", "run rcreg doctor --with-cloud, which asks the Cloud"},
		{failure.AllowSync, "allow a sync (diagnose.TrySync): only that asks the Cloud whether it knows the workspace", "run rcreg doctor --with-sync: only a sync asks the Cloud whether it knows the workspace"},
		{failure.KnowsWorkspace, "see in the Cloud console whether it still knows workspace[ {with}]; if it does, check the workspace's connection to https://cloud.rocket.chat and sync again; if not, register it with Request.Replace and a new token", "see in the Cloud console whether it still knows workspace[ {with}]; if it does, check the workspace's connection to https://cloud.rocket.chat and sync again; if not, run rcreg register --replace --token-file FILE with a new token"},
	}
}

func aboutLicenses() []phrase {
	return []phrase{
		{failure.ApplyAgain, "apply the license again: that does no harm", ""},
		{failure.ReadLicense, "read the license once more, when the workspace answers", "see rcreg license show, when the workspace answers"},
		{failure.GiveLicense, "give the license as Rocket.Chat sent it", ""},
		{failure.AskForLicense, "see whether the license is for this workspace's address (Site_Url), whole, not out of time, and in the format of this version; ask Rocket.Chat for another one", ""},
		{failure.SeeInServer, "see the license in the workspace's administration: servers have the calls for licenses from 3.10", ""},
		{failure.CancelLicense, "cancel the license in the Cloud console, then sync the workspace", "cancel the license in the Cloud console, then run rcreg sync"},
		{failure.ForceLicense, "hand it over all the same with ForceLicense[: the license in force ({with}) ends then, and comes back only when its own text is applied again]",
			"{again} with --force, which hands it over all the same[: the license in force ({with}) ends then, and comes back only when its own text is applied again]"},
		{failure.RenewLicense, "get a license that lasts longer from Rocket.Chat in time, and apply it", "get a license that lasts longer from Rocket.Chat in time, and apply it with rcreg license apply --file FILE"},
		{failure.RestoreLicense, "to have the license back that was in force[ ({with})], apply its text again", "to have the license back that was in force[ ({with})], apply its text again with rcreg license apply --file FILE"},
		{failure.ReplaceLicense, "{again} with Request.ReplaceLicense, which lets it replace the license in force", "{again} with --replace-license, which lets it replace the license in force"},
		{failure.KeepWritable, "apply a license that is valid on this workspace, or let the workspace reach https://collector.rocket.chat", "apply a license that is valid on this workspace with rcreg license apply --file FILE, or let the workspace reach https://collector.rocket.chat"},
		{failure.OtherLicense, "apply a license that is no offline license, after which the workspace asks the Cloud again", "apply a license that is no offline license with rcreg license apply --file FILE, after which the workspace asks the Cloud again"},
		{failure.KeepGrants, "register through a relay with LicensesWith, so that it keeps the grant; or apply a license text that Rocket.Chat has sent",
			"only the grant of its registration fetches a workspace's license: register over the relay with --keep-grants, " +
				"or sync with the --state folder of then; or apply a license that Rocket.Chat sent, with rcreg license apply --file FILE"},
	}
}

func aboutAnswers() []phrase {
	return []phrase{
		{failure.NameStore, "give relay.New one: a token works once, and a grant that is lost cannot be had again", "name a folder for it with --state: a token works once, and a grant that is lost cannot be had again"},
		{failure.OtherStore, "give LicensesWith one in another folder", "name another folder with --state"},
		{failure.MendStore, "look at the store's folder, then {again}", "look at the --state folder, then {again}"},
		{failure.MendLostGrant, "see to the store's folder; then remove the workspace in the Cloud console, and start again with a new token or message",
			"see to the --state folder; then remove the workspace in the Cloud console, and start again with a new token or message"},
		{failure.CompleteGrant, "see in the Cloud console what the workspace lacks there, then {again}. Or remove the workspace there, and run it with a new token", ""},
		{failure.OpenWithKey, "open the store with the identity that it is sealed to (grants.OpenedWith), then {again}", "name the key that it is sealed to with --identity-file, then {again}"},
		{failure.NameKey, "open it with the identity that it is sealed to (grants.OpenedWith)", "name the key that it is sealed to with --identity-file"},
		{failure.NewAnswer, "get another one from the Cloud", "get a new one from the Cloud console"},
		{failure.CopyAnswer, "copy the answer again, in full", ""},
		{failure.ReplaceAnswer, "let the courier write the answer again, or copy the code from the Cloud console once more", ""},
		{failure.OwnerOfAnswer, "take it to the workspace that it is for", ""},
		{failure.AnswerThisOnly, "get a new answer for this request: an answer works once", ""},
		{failure.CarryFolder, "carry the exchange folder to where the Cloud can be reached, let a courier answer, and bring it back", "carry the exchange folder to where the Cloud can be reached, run rcreg courier run --exchange FOLDER --tokens-file FILE there, and bring it back"},
		{failure.Settle, "look in the Cloud console whether the token[ of request {with}] is spent, then say so with Ledger.Settle", "look in the Cloud console whether the token is spent, then say so: rcreg courier settle[ --request {with}] --unspent, or --spent"},
		{failure.EmptyRequest, "leave the request empty: the courier has the token, and a person uses the Cloud console", ""},
		{failure.StartAgain, "start again, which writes a new request", ""},
		{failure.Withdraw, "look at what it names: a request that is damaged can be withdrawn; then start again, which writes a new one",
			"look at what it names: a request that is damaged can be withdrawn with rcreg offline withdraw --exchange FOLDER --request ID; then start again, which writes a new one"},
		{failure.NameState, "use the state folder in which the request was made; or start again, which writes a new request", "see rcreg offline status, and name the --state folder in which the request was made"},
	}
}

func aboutFolders() []phrase {
	return []phrase{
		{failure.OpenFolders, "open it first: offline.OpenFolder, offline.OpenState, grants.Open, offline.OpenLedger", "name the folders with --exchange and --state"},
		{failure.MountFolder, "mount the medium with the folder, then {again}", "the exchange folder is not there: mount the medium, or name its folder with --exchange; then {again}"},
		{failure.MakeRoom, "make room where it says, then {again}: nothing is lost", "make room where it says, or name another folder; then {again}: nothing is lost"},
		{failure.ProtectState, "make the state folder yours alone (chmod 700), and see who could read it", "make the state folder yours alone (chmod 700), and see who could read it; or name another one with --state"},
		{failure.WaitForOther, "another run works with the same folder: wait for its end, then {again}", "another rcreg works with the same --state folder: wait for its end, then {again}"},
		{failure.MendFolder, "look at what it names, then {again}", ""},
		{failure.RestoreMemory, "restore the file as it was, or name another one: what is not well is told once more then",
			"restore the file as it was, or name another one with --state-file: what is not well is told once more then"},
		{failure.RestoreLedger, "restore the ledger as it was: without it a token may be spent twice", "restore the courier's --state folder as it was: without its ledger a token may be spent twice"},
	}
}

func aboutFleets() []phrase {
	return []phrase{
		{failure.AddTokens, "add tokens from the Cloud console to the pool, then {again}", ""},
		{failure.NamePool, "name a pool of registration tokens", "name a pool of registration tokens with --tokens"},
		{failure.RestoreToken, "put the token back into the pool's file, then {again}", ""},
		{failure.RestoreTokens, "restore the file beside the pool that ends in .used: without it a token may be spent twice", ""},
		{failure.WriteTokens, "make sure that the file beside the pool that ends in .used can be written, then {again}", ""},
		{failure.WaitForTokens, "another run works with the same pool of tokens: wait for its end, then {again}", "another rcreg works with the same pool of tokens: wait for its end, then {again}"},
		{failure.CorrectTokenFile, "correct the lines that it names: one token a line, and # before remarks", ""},
		{failure.RestoreJournal, "restore the journal as it was, or begin with a new one: what is done is seen to be done", "restore the journal as it was, or begin anew with --fresh: what is done is seen to be done"},
		{failure.WriteJournal, "make sure that the journal can be written, then {again}", ""},
		{failure.WaitForJournal, "another run works with the same journal: wait for its end, then {again}", "another rcreg works with the same journal: wait for its end, then {again}"},
		{failure.OtherJournal, "name another journal for this operation", "name another journal for this operation with --journal, or begin anew with --fresh"},
		{failure.WaitForFleet, "begin the next run when the loop over the last one has ended", "wait for the end of the run before, then {again}"},
		{failure.LeaveOut, "leave one of the two out of the list[: what is done for {with} is done for it. Where one of them is a copy of the other server, make it a workspace of its own first, with ConfirmDeployment]",
			"leave one of the two out of the list[: what is done for {with} is done for it. Where one of them is a copy of the other server, make it a workspace of its own first: rcreg deployment confirm new-workspace]"},
		{failure.GiveExchange, "give this worker an exchange folder, or start the workflow on the task queue of one that has it", ""},
		{failure.CorrectReference, "correct the reference, or put the secret where it leads, on every worker", ""},
		{failure.StartWorkflow, "start the workflow again once a person can act", ""},
		{failure.SeeWorkerLog, "see the log of the worker, then {again}", ""},
		{failure.ResumeRun, "{again}: with its journal, what is done is not done twice", ""},
	}
}
