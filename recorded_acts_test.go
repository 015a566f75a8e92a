package registration_test

import (
	"github.com/rcreg/registration"
)

func syncStories() []story {
	failed := []outcome{{since: "3.0", kind: registration.ErrSyncFailed}}
	upTo64 := []outcome{{since: "3.0", kind: registration.ErrSyncFailed}, {since: "6.5", absent: true}}
	return []story{
		{name: "sync", before: registered, acts: []string{provenSync}, after: "sync-registered/status after (*)", run: doSync, want: []outcome{{since: "3.0"}}},
		{
			name: "A1 sync unregistered", before: unregistered, acts: []string{"sync-unregistered/sync unregistered (*)"}, run: doSync,
			want: []outcome{{since: "3.0", kind: registration.ErrNotRegistered, nothing: true}},
		},
		{
			name: "sync disconnected", before: disconnected, acts: []string{disconnected}, run: doSync,
			want: []outcome{{since: "3.0", kind: registration.ErrNotRegistered, nothing: true}, {since: "6.5", absent: true}},
		},
		{
			name: "A2 A3 sync after a removal", before: registered, run: doSync,
			acts:  []string{"removed-in-cloud/sync: cloud says oauth_invalid_client_credentials"},
			after: "removed-in-cloud/status after (*)",
			want: []outcome{
				{since: "3.0", kind: registration.ErrRemovedFromCloud, changed: true},
				{since: "6.4", kind: registration.ErrSyncFailed},
				{since: "6.5", absent: true}, // over REST: the next story
			},
		},
		{
			name: "A2 sync after a removal, over REST", before: registered, run: doSync,
			acts:  []string{"removed-in-cloud-rest/sync (REST): oauth_invalid_client_credentials"},
			after: "removed-in-cloud-rest/status after (*)",
			want:  []outcome{{since: "3.0", absent: true}, {since: "6.5", kind: registration.ErrRemovedFromCloud, changed: true}},
		},
		{
			name: "A4 sync, the removal with status 200", before: registered, acts: []string{"removed-in-cloud-200/sync: same error with status 200"},
			after: "removed-in-cloud-200/status after (*)", run: doSync, want: upTo64,
		},
		{
			name: "A4 sync, another refusal", before: registered, acts: []string{"token-other-4xx/oauth/token 401 {error: unauthorized} (*)"},
			after: "token-other-4xx/status after (*)", run: doSync, want: failed,
		},
		{
			name: "sync, the Cloud answers 500", before: registered, acts: []string{"sync-cloud-500/everything 500 (*)"}, after: "sync-cloud-500/status after (*)",
			run: doSync, want: failed,
		},
		{
			name: "C3 sync, the token endpoint answers 500", before: registered, acts: []string{"sync-token-500/only oauth/token 500 (*)"},
			after: "sync-token-500/status after (*)", run: doSync, want: failed,
		},
		{
			name: "sync, only comms fails", before: registered, acts: []string{"sync-comms-500/only comms 500 (*)"}, after: registered, run: doSync,
			want: []outcome{{since: "3.0"}},
		},
		{
			name: "sync, the Cloud hangs", before: registered, acts: []string{"sync-timeout/cloud never answers"}, after: registered, run: doSync,
			want: []outcome{{since: "3.0", kind: registration.ErrOutcomeUnknown, again: true}, {since: "6.4", kind: registration.ErrSyncFailed}, {since: "6.5", absent: true}},
		},
	}
}

func disconnectStories() []story {
	return []story{
		{
			name: "disconnect", before: registered, acts: []string{"disconnect/disconnect"}, after: "disconnect/status after disconnect (*)", run: doDisconnect,
			want: []outcome{{since: "3.0", changed: true}, {since: "6.5", kind: registration.ErrUnsupported, silent: true}},
		},
		{
			name: "A6 disconnect unregistered", before: unregistered, acts: []string{"disconnect/disconnect while unregistered"}, run: doDisconnect,
			want: []outcome{{since: "3.0", kind: registration.ErrNotRegistered, nothing: true}, {since: "6.5", absent: true}},
		},
		{
			name: "A6 disconnect twice", before: disconnected, acts: []string{disconnected}, run: doDisconnect,
			want: []outcome{{since: "3.0", nothing: true}, {since: "6.5", absent: true}},
		},
		{
			name: "disconnect, the Cloud answers 500", before: registered, acts: []string{"disconnect-cloud-500/disconnect while cloud answers 500"},
			after: "disconnect-cloud-500/status after (*)", run: doDisconnect,
			want: []outcome{{since: "3.0", changed: true}, {since: "6.5", absent: true}},
		},
		{
			name: "reconnect by setting", before: disconnected, acts: []string{"reconnect-by-setting/POST Register_Server true"}, proof: provenSync,
			after: "reconnect-by-setting/status after sync (*)", run: doReconnect, want: []outcome{{since: "3.0", changed: true, proved: true}, {since: "3.18", absent: true}},
		},
		{
			name: "reconnect by setting, with a second factor", before: disconnected, proof: provenSync,
			acts: []string{
				"reconnect-by-setting/POST Register_Server true, no second factor",
				"reconnect-by-setting/POST Register_Server true, with second factor",
			},
			after: "reconnect-by-setting/status after sync (*)", run: doReconnect,
			want: []outcome{{since: "3.0", absent: true}, {since: "3.18", changed: true, proved: true}, {since: "6.0", absent: true}},
		},
		{
			name: "reconnect", before: disconnected, acts: []string{"disconnect-reconnect/reconnect"}, proof: provenSync,
			after: "disconnect-reconnect/status after reconnect (*)", run: doReconnect,
			want: []outcome{{since: "3.0", absent: true}, {since: "6.0", changed: true, proved: true}, {since: "6.5", kind: registration.ErrUnsupported, silent: true}},
		},
		{
			name: "A7 reconnect, the Cloud answers 500", before: disconnected, acts: []string{"disconnect-cloud-500/reconnect while cloud answers 500"}, proof: failedSync,
			after: "disconnect-cloud-500/status after reconnect (*)", run: doReconnect,
			want: []outcome{{since: "3.0", absent: true}, {since: "6.0", kind: registration.ErrSyncFailed, changed: true, proved: true}, {since: "6.5", absent: true}},
		},
		{
			name: "C4 forget the identity", before: registered, acts: []string{"fingerprint/new-workspace"}, after: "fingerprint/status after new-workspace (*)", run: doForget,
			want: []outcome{{since: "3.0", absent: true}, {since: "6.5", changed: true}},
		},
	}
}

// emailStories read the status once more in front: a ticket names the unique id.
func emailStories() []story {
	return []story{
		{
			name: "start by e-mail", before: unregistered, acts: []string{"intent/ok"}, run: doStartEmail,
			want: []outcome{{since: "3.0", kind: registration.ErrUnsupported, silent: true}, {since: "4.4", kind: registration.ErrPending, last: true}},
		},
		{
			name: "A13 poll, pending", before: unregistered, acts: []string{unregistered, "poll/pending"}, run: doResume,
			want: []outcome{{since: "3.0", absent: true}, {since: "4.4", kind: registration.ErrPending, last: true}},
		},
		{
			name: "A13 poll, successful: false", before: unregistered, acts: []string{unregistered, "poll/successful:false"}, run: doResume,
			want: []outcome{{since: "3.0", absent: true}, {since: "4.4", kind: registration.ErrRejected, last: true}},
		},
		{
			name: "poll, confirmed", before: unregistered, acts: []string{unregistered, "poll/success"}, after: registered, proof: provenSync, run: doResume,
			want: []outcome{{since: "3.0", absent: true}, {since: "4.4", changed: true, proved: true}, {since: "6.5", changed: true}},
		},
		{
			name: "poll, unknown code", before: unregistered, acts: []string{unregistered, "poll/unknown code (cloud 400)"}, after: unregistered, run: doResume,
			want: []outcome{{since: "3.0", absent: true}, {since: "4.4", kind: registration.ErrRejected}},
		},
		{
			name: "C1 poll on a registered workspace", before: registered, acts: []string{registered}, run: doResume,
			want: []outcome{{since: "3.0", absent: true}, {since: "4.4", last: true}},
		},
		{
			name: "B5 poll, confirmed, the sync fails", before: unregistered,
			acts:  []string{unregistered, "poll-success-sync-500/success, but /sync and oauth/token answer 500"},
			after: "poll-success-sync-500/status after (*)", proof: failedSync, run: doResume,
			want: []outcome{
				{since: "3.0", absent: true}, {since: "4.4", kind: registration.ErrSyncFailed, changed: true, proved: true}, {since: "6.5", changed: true},
			},
		},
		{
			name: "B5 poll, confirmed, the license does not verify", before: unregistered,
			acts:  []string{unregistered, "bad-license-poll/poll success with a license the server cannot verify"},
			after: "bad-license-poll/status after (*)", proof: provenSync, run: doResume,
			want: []outcome{{since: "3.0", absent: true}, {since: "4.4", changed: true, proved: true}, {since: "6.5", changed: true}},
		},
	}
}
