package offline

// Outcome is what became of a request.
type Outcome string

// The outcomes.
const (
	// Answered: the answer was written.
	Answered Outcome = "answered"
	// AnsweredBefore: the answer was there already, or was picked up; nothing was done.
	AnsweredBefore Outcome = "answered before"
	// WrittenAgain: the answer had got lost and was written again from the ledger; the Cloud was not asked.
	WrittenAgain Outcome = "written again"
	// Refused: the Cloud refused the token. A new token is tried at the next run, the same one is not.
	Refused Outcome = "refused"
	// Unknown: the token was handed to the Cloud, and its outcome is unknown. It is not spent again.
	Unknown Outcome = "outcome unknown"
	// Failed: there is no answer, and no token was spent. The next run tries again.
	Failed Outcome = "failed"
	// Unreadable: the file is no request that can be trusted.
	Unreadable Outcome = "unreadable"
)

// Item is one line of a [Report].
type Item struct {
	File      string // in the folder requests
	Request   string // its id; empty when it cannot be read
	Kind      Kind
	Workspace Workspace
	Outcome   Outcome
	// Err is why there is no answer. Beside an answer it is what the courier could not do for itself, such as keeping the grant.
	Err error
}

// Report is what became of each request, sorted by file.
type Report struct {
	Items []Item
}

// Count tells how many requests ended so.
func (r Report) Count(o Outcome) int {
	n := 0
	for _, item := range r.Items {
		if item.Outcome == o {
			n++
		}
	}
	return n
}
