package failure_test

import (
	"fmt"

	"github.com/rcreg/registration/failure"
)

// What a failure is called, whether another try may go better, and the ways out, the likeliest first.
func Example() {
	err := fmt.Errorf("chat.example.com: status: %w", failure.Unauthorized)
	fmt.Println(failure.KindOf(err).Name(), failure.Temporary(err))
	for _, way := range failure.Remedies(err) {
		fmt.Println(way.Act)
	}
	// Output:
	// unauthorized false
	// fix_credentials
	// pass_headers
}

// A kind that came as a name, in the JSON of rcreg or of a journal.
func ExampleNamed() {
	fmt.Println(failure.Named("rate_limited").Error())
	// Output: there were too many calls
}
