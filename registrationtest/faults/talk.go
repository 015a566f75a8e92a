package faults

import "sync"

// talk watches the method calls in one WebSocket, and decides what becomes of them.
type talk struct {
	step Step // of the request that opened it
	meet func(Step) Fault

	mu             sync.Mutex
	client, server splitter
	due            map[string]Fault // by the id of a call that is carried out
	over           bool             // nothing is passed on any more
}

func newTalk(opened Step, meet func(Step) Fault) *talk {
	return &talk{step: opened, meet: meet, due: map[string]Fault{}}
}

// fromClient returns what is passed on to the server of the next bytes of the client, and how the WebSocket ends after
// that; None when it goes on.
func (t *talk) fromClient(bytes []byte) (pass []byte, end Kind) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.over {
		return nil, None
	}
	for _, f := range t.client.feed(bytes) {
		if m := f.message(); m.Msg == "method" {
			fault := t.meet(Step{Side: t.step.Side, Call: m.Method, Path: t.step.Path, Frame: true})
			if fault.Do != nil {
				fault.Do()
			}
			if !fault.CarriedOut() {
				t.over = true
				return pass, fault.Kind
			}
			t.due[m.ID] = fault
		}
		pass = append(pass, f.raw...)
	}
	return pass, None
}

// fromServer is fromClient for the other direction.
func (t *talk) fromServer(bytes []byte) (pass []byte, end Kind) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.over {
		return nil, None
	}
	for _, f := range t.server.feed(bytes) {
		fault := Fault{Kind: None}
		if m := f.message(); m.Msg == "result" {
			fault = t.due[m.ID]
			delete(t.due, m.ID)
		}
		switch fault.Kind {
		case Reset, Timeout, SocketClosed:
			t.over = true
			return pass, fault.Kind
		case Cut:
			t.over = true
			return append(pass, f.raw[:len(f.raw)/2]...), Reset
		case Malformed:
			pass = append(pass, textFrame(f.text[:len(f.text)/2])...)
		case WrongTypes:
			pass = append(pass, textFrame(wrongTypes(f.text))...)
		default:
			pass = append(pass, f.raw...)
		}
	}
	return pass, None
}
