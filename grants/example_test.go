package grants_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/grants"
)

// A store keeps a grant from the moment the Cloud gives it until the workspace is seen registered.
func ExampleStore() {
	work, err := os.MkdirTemp("", "store")
	check(err)
	defer func() { _ = os.RemoveAll(work) }()
	grant, err := cloud.ParseGrant([]byte(`{"workspaceId":"66e2b1","client_id":"c1","client_secret":"not shown"}`))
	check(err)

	store, err := grants.Open(filepath.Join(work, "state"))
	check(err)
	check(store.Keep("7bcda132", grant))
	// After a crash, in another process:
	kept, err := store.Load("7bcda132")
	check(err)
	fmt.Println(kept)
	check(store.Discard("7bcda132"))
	_, err = store.Load("7bcda132")
	fmt.Println(err)
	// Output:
	// grant{workspace "66e2b1", client "c1"}
	// read the kept grant: no grant is kept for the workspace
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
