// Package registrationtest runs fake Rocket.Chat servers and a fake Rocket.Chat Cloud in process, for tests of programs
// that register workspaces.
//
// A workspace of any version from 3.0 to 9.x is one line, and comes with a Cloud of its own. Both are real HTTP servers
// on loopback, closed when the test ends:
//
//	ws := registrationtest.NewWorkspace(t, "6.4.0")
//	admin := ws.Admin()
//	token := ws.Cloud().IssueToken()
//	// point the program under test at ws.URL() with admin.UserID and admin.AuthToken, and let it register with token
//	if got := ws.Cloud().Workspaces(); len(got) != 1 {
//		t.Errorf("the Cloud knows %d workspaces, want 1", len(got))
//	}
//
// Each fake speaks exactly the dialect of its version: calls that the version lacks answer as the real server does, and
// so do missing permissions, rate limits, second factors and every misleading answer. The fakes are checked against
// exchanges that were recorded from the real server code.
//
// The [Cloud] can be steered: it issues registration tokens that work once, lets a test confirm a device code, and removes a
// workspace. Both servers keep a history of what they were asked.
//
// Both fail on demand: [Workspace.SetFault] and [Cloud.SetFault] hit single calls, with a reset before or after the act, a
// reply that is cut, late or a web page, and more. A plan of package faults hits the n-th exchange of all, on both sides in one
// order, also with servers that are no fakes, and at random with a seed:
//
//	plan := faults.NewPlan(nil)
//	ws := registrationtest.NewWorkspace(t, "8.9.0", registrationtest.WithCloudFaults(plan))
//	client := &http.Client{Transport: plan.RoundTripper(http.DefaultTransport)}
//	operate(client, ws)               // without a fault
//	for _, step := range plan.Steps() {
//		for _, fault := range faults.All() {
//			if fault.Fits(step) {
//				// with fresh fakes: plan.At(step.N, fault), operate, compare what is reported with what is so
//			}
//		}
//	}
//
// Time is a [Clock] that a test may hold: with [WithClock] waiting costs nothing, and a device code expires when the
// test says so.
//
// A [Fleet] is many workspaces of mixed versions with one Cloud: on one address, or in process without a socket, which
// works in a bubble of testing/synctest:
//
//	fakes := registrationtest.NewFleet(t, 200, registrationtest.WithRateLimits())
//	// point the program under test at fakes.URL(i) with fakes.Admin(i), for each i below fakes.Len()
//	if n := fakes.TooMany(); n != 0 {
//		t.Errorf("it was told %d times to wait", n)
//	}
//
// Package sim serves a workspace and its Cloud together with a control API, for programs in other languages.
package registrationtest
