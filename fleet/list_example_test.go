package fleet_test

import (
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/rcreg/registration/fleet"
)

// A list says where secrets are, and never what they are.
func ExampleLoad() {
	dir, err := os.MkdirTemp("", "fleet")
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			log.Fatal(err)
		}
	}
	write("alpha.token", "one")
	write("beta.token", "another")
	write("fleet.yaml", `
defaults:
  url: "https://{name}.example.com"
  user_id: rcreg
  auth_token: {file: "{name}.token"}
workspaces:
  - name: alpha
    labels: {region: eu}
  - name: beta
    url: https://beta.example.com/chat
    labels: {region: us}
`)

	list, err := fleet.Load(filepath.Join(dir, "fleet.yaml"))
	if err != nil {
		log.Fatal(err)
	}
	for _, w := range list.Workspaces {
		fmt.Println(w.Name, w.URL, w.Labels["region"])
	}
	fmt.Println("in Europe:", len(list.Select(map[string]string{"region": "eu"}).Workspaces))
	// Output:
	// alpha https://alpha.example.com eu
	// beta https://beta.example.com/chat us
	// in Europe: 1
}

// All that is wrong is told at once, before anything is sent.
func ExampleParse() {
	_, err := fleet.Parse([]byte(`
workspaces:
  - name: alpha
    url: alpha.example.com
    user: admin
    password: hunter2
  - name: alpha
    url: https://beta.example.com
    user_id: u1
    auth_token: {file: secrets/beta.token}
`), "/etc/fleet")
	var invalid *fleet.ListError
	if errors.As(err, &invalid) {
		fmt.Println(len(invalid.Problems), "problems, the first on line", invalid.Problems[0].Line)
	}
	fmt.Println(err)
	// Output:
	// 4 problems, the first on line 4
	// the list is not valid; nothing was sent
	//   line 4: alpha: url: the scheme is missing; write https:// in front of the host
	//   line 6: alpha: password is written into the list, which is no place for secrets: write {env: VARIABLE} or {file: PATH}, and consider the secret known to all who can read the list
	//   line 7: the name alpha is taken by the workspace on line 3
	//   line 10: alpha: auth_token: the file /etc/fleet/secrets/beta.token is not there
}
