package registrationtest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/rcreg/registration/registrationtest"
)

// A program under test registers a fake 8.7 workspace with a token of the fake Cloud.
func Example() {
	workspace, err := registrationtest.StartWorkspace("8.7.0") // in a test: NewWorkspace(t, "8.7.0")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer workspace.Close()
	cloud := workspace.Cloud()

	connect(workspace, cloud.IssueToken())

	for _, registered := range cloud.Workspaces() {
		fmt.Println("the Cloud knows", registered.Name)
	}
	fmt.Println("registration tokens spent:", len(cloud.SpentTokens()))
	// Output:
	// the Cloud knows Example Workspace
	// registration tokens spent: 1
}

// connect stands for the program under test.
func connect(workspace *registrationtest.Workspace, token string) {
	body, err := json.Marshal(map[string]string{"token": token})
	if err != nil {
		fmt.Println(err)
		return
	}
	request, err := http.NewRequest(http.MethodPost, workspace.URL()+"/api/v1/cloud.connectWorkspace", bytes.NewReader(body))
	if err != nil {
		fmt.Println(err)
		return
	}
	admin := workspace.Admin()
	request.Header.Set("X-User-Id", admin.UserID)
	request.Header.Set("X-Auth-Token", admin.AuthToken)
	request.Header.Set("Content-Type", "application/json")
	request.Close = true
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer response.Body.Close()
}
