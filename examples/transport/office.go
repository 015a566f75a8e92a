package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
)

// office is a ticket desk for the example: in the field it is a program of your own, behind a login.
type office struct {
	*httptest.Server

	issue  func() string
	atOnce bool // it approves every request

	mu       sync.Mutex
	requests map[string]request
}

func newOffice(issue func() string) *office {
	o := &office{issue: issue, requests: map[string]request{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /requests", func(w http.ResponseWriter, _ *http.Request) { o.show(w, o.file()) })
	mux.HandleFunc("GET /requests/{id}", func(w http.ResponseWriter, r *http.Request) { o.show(w, r.PathValue("id")) })
	mux.HandleFunc("DELETE /requests/{id}", func(w http.ResponseWriter, r *http.Request) {
		o.show(w, r.PathValue("id"))
		o.mu.Lock()
		defer o.mu.Unlock()
		delete(o.requests, r.PathValue("id"))
	})
	o.Server = httptest.NewServer(mux)
	return o
}

// file adds a request that is not approved yet.
func (o *office) file() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	id := "r" + strconv.Itoa(len(o.requests)+1)
	o.requests[id] = request{ID: id}
	if o.atOnce {
		o.requests[id] = request{ID: id, Token: o.issue()}
	}
	return id
}

// approve gives a request its token.
func (o *office) approve(id string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.requests[id] = request{ID: id, Token: o.issue()}
}

func (o *office) show(w http.ResponseWriter, id string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	filed, found := o.requests[id]
	if !found {
		http.NotFound(w, nil)
		return
	}
	_ = json.NewEncoder(w).Encode(filed) // whoever asked has gone
}
