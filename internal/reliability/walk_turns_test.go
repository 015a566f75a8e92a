package reliability_test

import "net/http"

// turns lets two programs work at once, one exchange at a time: which of the two goes next was drawn before, so that a walk can be replayed.
type turns struct {
	order   []int // who goes next where both want to; afterwards the first
	events  chan turn
	running bool
}

// turn is one of the two that wants to go on, or has come to its end: then pass is nil.
type turn struct {
	who  int
	pass chan struct{}
}

func newTurns(order []int) *turns { return &turns{order: order, events: make(chan turn)} }

// of returns a transport for one of the two: each of its exchanges waits for its turn, and is seen when it is over.
func (q *turns) of(who int, next http.RoundTripper, seen func()) http.RoundTripper {
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		if q.running && !freely {
			pass := make(chan struct{})
			q.events <- turn{who, pass}
			<-pass
		}
		response, err := next.RoundTrip(r)
		seen()
		return response, err
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// run lets both work until both have come to their end.
func (q *turns) run(both [2]func()) {
	q.running = true
	for who, work := range both {
		go func() {
			work()
			q.events <- turn{who: who}
		}()
	}
	var waiting [2]chan struct{}
	for left, busy := 2, 2; left > 0; {
		for ; busy > 0; busy-- {
			if event := <-q.events; event.pass == nil {
				left--
			} else {
				waiting[event.who] = event.pass
			}
		}
		if who := q.next(waiting); waiting[who] != nil {
			close(waiting[who])
			waiting[who] = nil
			busy = 1
		}
	}
}

// next is who goes next.
func (q *turns) next(waiting [2]chan struct{}) int {
	switch {
	case waiting[0] == nil:
		return 1
	case waiting[1] == nil || len(q.order) == 0:
		return 0
	}
	who := q.order[0]
	q.order = q.order[1:]
	return who
}
