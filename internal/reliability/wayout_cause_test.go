package reliability_test

import (
	"slices"

	"github.com/rcreg/registration/registrationtest/faults"
)

// cause is what keeps an operation from its end: where, and of which sort. It lasts until an act ends it that is about it.
type cause struct {
	where where
	sort  sort
}

// where is the way on which something is wrong.
type where string

const (
	toWorkspace where = "to the workspace"
	toCloud     where = "to the Cloud"
	serverWay   where = "from the workspace to the Cloud"
)

// sort is in which way.
type sort string

const (
	outage     sort = "outage"   // no answer, or that of a proxy whose server is away: it passes
	slowFront  sort = "slow"     // an outage that a proxy tells of, by a page of its own: it passes as well
	limit      sort = "limit"    // too many calls: it passes
	between    sort = "mangled"  // what comes is not what was sent
	inFront    sort = "in front" // something in front refuses in the place of the server
	posing     sort = "posing"   // the same, in the words of the server: nothing tells who refuses
	leadsAway  sort = "redirect"
	fromCache  sort = "cache"
	badTLS     sort = "certificate"
	limitFront sort = "limit in front"
)

// causeOf is what is behind a fault that has hit an exchange.
func causeOf(hit faults.Step) cause {
	at := toWorkspace
	switch {
	case hit.By == faults.Workspace:
		at = serverWay
	case hit.Side == faults.Cloud:
		at = toCloud
	}
	if hit.Call == faults.CallSocket && (hit.Fault == faults.Switching || hit.Fault == faults.Flood || isGateway(hit.Fault)) {
		return cause{at, inFront} // the proxy does not pass WebSockets on
	}
	return cause{at, sortOf(hit.Fault)}
}

func sortOf(kind faults.Kind) sort {
	switch kind {
	case faults.Certificate:
		return badTLS
	case faults.TooMany:
		return limit
	case faults.TooManyBare:
		return limitFront
	case faults.Cached:
		return fromCache
	case faults.Redirect:
		return leadsAway
	case faults.Page, faults.Empty, faults.Null, faults.Object, faults.List, faults.Garbled, faults.Malformed, faults.WrongTypes, faults.Body:
		return between
	case faults.Alike401, faults.Alike403:
		return posing
	}
	switch {
	case kind == faults.Page408, kind == faults.Page499:
		return slowFront
	case isGateway(kind):
		return inFront
	}
	return outage
}

// passes reports whether the cause ends by itself.
func (c cause) passes() bool { return c.is(outage) || c.sort == limit }

func (c cause) is(s sort) bool { return c.sort == s || c.sort == slowFront && s == outage }

// mends tells which causes an act is about.
type mends func(c cause) bool

// passing is what another run, or waiting, ends.
func passing(c cause) bool { return c.passes() }

func at(w where, sorts ...sort) mends {
	return func(c cause) bool { return c.where == w && (len(sorts) == 0 || slices.ContainsFunc(sorts, c.is)) }
}

func either(all ...mends) mends {
	return func(c cause) bool {
		return slices.ContainsFunc(all, func(m mends) bool { return m(c) })
	}
}
