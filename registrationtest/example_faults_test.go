package registrationtest_test

import (
	"fmt"
	"net/http"

	"github.com/rcreg/registration/registrationtest"
)

// A program under test meets each of three faults at each exchange of one of its operations.
func ExampleFaults() {
	server, err := registrationtest.StartWorkspace("8.7.0") // in a test: NewWorkspace(t, "8.7.0")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()
	faults := registrationtest.NewFaults()
	client := &http.Client{Transport: faults.RoundTripper(&http.Transport{DisableKeepAlives: true})}

	readVersion(client, server.URL()) // the operation, without a fault
	for _, step := range faults.Steps() {
		for _, fault := range []registrationtest.Fault{
			{Kind: registrationtest.FaultRefused},
			{Kind: registrationtest.FaultReset, After: true},
			{Kind: registrationtest.FaultPage},
		} {
			if !fault.Fits(step) {
				continue
			}
			faults.Clear()
			faults.At(step.N, fault)
			fmt.Printf("%s at exchange %d, %s: ", fault, step.N, step.Call)
			readVersion(client, server.URL())
			fmt.Println("  carried out:", faults.Fired()[0].CarriedOut)
		}
	}
	// Output:
	// application/json
	// refused at exchange 1, info: failed
	//   carried out: false
	// reset after the act at exchange 1, info: failed
	//   carried out: true
	// html at exchange 1, info: text/html; charset=utf-8
	//   carried out: false
}

// readVersion stands for an operation of the program under test.
func readVersion(client *http.Client, address string) {
	response, err := client.Get(address + "/api/info")
	if err != nil {
		fmt.Println("failed")
		return
	}
	defer response.Body.Close()
	fmt.Println(response.Header.Get("Content-Type"))
}
