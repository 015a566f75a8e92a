package faults

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"time"
)

// putOff is a request that is carried out when its time has come.
type putOff struct {
	due time.Time
	act func()
}

// putOffFor notes an act that is due after a while.
func (p *Plan) putOffFor(later time.Duration, act func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.putOff = append(p.putOff, putOff{p.clock.Now().Add(later), act})
}

// catchUp carries out what is due by now, the earliest first.
func (p *Plan) catchUp() {
	for {
		p.mu.Lock()
		next := -1
		for i, one := range p.putOff {
			if !one.due.After(p.clock.Now()) && (next < 0 || one.due.Before(p.putOff[next].due)) {
				next = i
			}
		}
		if next < 0 {
			p.mu.Unlock()
			return
		}
		act := p.putOff[next].act
		p.putOff = append(p.putOff[:next:next], p.putOff[next+1:]...)
		p.mu.Unlock()
		act() // without the lock: it has exchanges of its own
	}
}

// Settle carries out what is due by now of the requests that faults have put off: see Fault.Later. Each exchange does so before
// it begins, so it is needed only to look at a server from the side. It works on the way; a server in front of which the faults
// are goes on by itself.
func (p *Plan) Settle() { p.catchUp() }

// later carries a request out when its client has long had an answer.
func (t *transport) later(r *http.Request, d time.Duration) error {
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return err
		}
	}
	kept := r.Clone(context.WithoutCancel(r.Context()))
	kept.Body = io.NopCloser(bytes.NewReader(body))
	t.plan.putOffFor(d, func() {
		if response, err := t.next.RoundTrip(kept); err == nil {
			_, _ = io.Copy(io.Discard, response.Body) // the client has left
			_ = response.Body.Close()
		}
	})
	return nil
}
