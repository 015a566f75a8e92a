package faults_test

import (
	"fmt"
	"net/http"

	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/registrationtest/faults"
)

// A program under test meets each of three faults at each exchange of one of its operations.
func ExamplePlan() {
	server, err := registrationtest.StartWorkspace("8.7.0") // in a test: NewWorkspace(t, "8.7.0")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()
	plan := faults.NewPlan(nil)
	client := &http.Client{Transport: plan.RoundTripper(&http.Transport{DisableKeepAlives: true})}

	readVersion(client, server.URL()) // the operation, without a fault
	for _, step := range plan.Steps() {
		for _, fault := range []faults.Fault{
			{Kind: faults.Refused},
			{Kind: faults.Reset, After: true},
			{Kind: faults.Page},
		} {
			if !fault.Fits(step) {
				continue
			}
			plan.Clear()
			plan.At(step.N, fault)
			fmt.Printf("%s at exchange %d, %s: ", fault, step.N, step.Call)
			readVersion(client, server.URL())
			fmt.Println("  carried out:", plan.Fired()[0].CarriedOut)
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
