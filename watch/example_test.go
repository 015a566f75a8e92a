package watch_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/watch"
)

// Watch a workspace until it is found that something is not well with it.
func Example() {
	fake, err := registrationtest.StartFleet(1, registrationtest.WithVersions("9.0.0"))
	if err != nil {
		panic(err)
	}
	defer fake.Close()
	dir, err := os.MkdirTemp("", "watch")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	token := filepath.Join(dir, "token")
	if err := os.WriteFile(token, []byte(fake.Admin(0).AuthToken), 0o600); err != nil {
		panic(err)
	}
	list := fleet.List{Workspaces: []fleet.Workspace{
		{Name: "alpha", URL: fake.URL(0), UserID: fake.Admin(0).UserID, AuthToken: fleet.Reference{File: token}},
	}}

	ctx, stop := context.WithCancel(context.Background())
	tell := func(_ context.Context, events []watch.Event) error {
		for _, e := range events {
			if e.Name == watch.NotRegistered {
				fmt.Println(e.Workspace+":", e.Text+". Next:", e.Advice)
				stop()
			}
		}
		return nil
	}
	clock := registrationtest.NewClock(time2026) // leave it out to wait for real
	w, err := watch.New(list, watch.WithTeller(tell), watch.WithClock(clock))
	if err != nil {
		panic(err)
	}
	if err := w.Run(ctx); err != nil {
		panic(err)
	}
	// Output: alpha: it is not registered. Next: run rcreg register --token-file FILE
}
