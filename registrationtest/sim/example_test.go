package sim_test

import (
	"fmt"
	"io"
	"net/http"

	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/registrationtest/sim"
)

// A program in another language is given the addresses and an account, and lets the Cloud fail over the control API.
func ExampleStart() {
	server, err := sim.Start(sim.Config{Version: "8.7.0"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()
	info := server.Info()
	fmt.Println(info.Version, info.Username, len(info.RegistrationTokens), "registration tokens")

	server.Cloud().SetMode(registrationtest.CloudNonsense) // the same as POST /_sim/cloud with {"mode":"nonsense"}
	response, err := http.Get(info.CloudURL + "/_sim/faults")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	fmt.Println(response.StatusCode, len(text) > 0, server.Cloud().Mode(), err)
	// Output:
	// 8.7.0 admin 3 registration tokens
	// 200 true nonsense <nil>
}
