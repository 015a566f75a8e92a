package watch

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/internal/report"
)

// Summary is what /status answers with.
type Summary struct {
	// Now is when it was asked.
	Now time.Time `json:"now"`
	// Healthy is what [Watch.Health] says, Problem why it is not.
	Healthy bool   `json:"healthy"`
	Problem string `json:"problem,omitempty"`
	// Delivery is why the last events could not be told; empty when they could.
	Delivery string `json:"delivery,omitempty"`
	// Troubles counts the workspaces that have each.
	Troubles   map[Name]int `json:"troubles"`
	Workspaces []Seen       `json:"workspaces"`
}

// Summary returns all that is known now.
func (w *Watch) Summary() Summary {
	s := Summary{Troubles: map[Name]int{}, Workspaces: w.Seen()}
	for _, seen := range s.Workspaces {
		for _, t := range seen.Troubles {
			s.Troubles[t.Name]++
		}
	}
	if err := w.Health(); err != nil {
		s.Problem = err.Error()
	} else {
		s.Healthy = true
	}
	if w == nil || w.clock == nil {
		return s
	}
	s.Now = w.clock.Now()
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.undelivered != nil {
		s.Delivery = w.undelivered.Error()
	}
	return s
}

// Handler serves the page of the workspaces at /, all that is known as JSON at /status, and /healthz, which answers with 503 when the watch does not do its work. It
// changes nothing and shows no secret; names, addresses and states are there for everyone who reaches it.
func (w *Watch) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", w.servePage)
	mux.HandleFunc("GET /status", w.serveStatus)
	mux.HandleFunc("GET /healthz", w.serveHealth)
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("X-Content-Type-Options", "nosniff")
		rw.Header().Set("Cache-Control", "no-store")
		mux.ServeHTTP(rw, r)
	})
}

func (w *Watch) serveStatus(rw http.ResponseWriter, _ *http.Request) {
	rw.Header().Set("Content-Type", "application/json")
	encoder := json.NewEncoder(rw)
	_ = encoder.Encode(w.Summary()) // the reader has gone
}

func (w *Watch) serveHealth(rw http.ResponseWriter, _ *http.Request) {
	rw.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if err := w.Health(); err != nil {
		rw.WriteHeader(http.StatusServiceUnavailable)
		_, _ = rw.Write([]byte(err.Error() + "\n"))
		return
	}
	_, _ = rw.Write([]byte("ok\n"))
}

// reload is after how many seconds a browser asks for the page again.
const reload = "60"

func (w *Watch) servePage(rw http.ResponseWriter, _ *http.Request) {
	rw.Header().Set("Content-Type", "text/html; charset=utf-8")
	rw.Header().Set("Refresh", reload)
	_ = report.About{}.Write(rw, w.outcomes(), w.Summary().Now) // the reader has gone
}

// outcomes are what was seen in the form that the page has: a workspace with a problem has failed, and warnings are notes.
func (w *Watch) outcomes() []fleet.Outcome {
	seen := w.Seen()
	outcomes := make([]fleet.Outcome, len(seen))
	for i, s := range seen {
		o := fleet.Outcome{
			Workspace: s.Workspace, URL: s.URL, Operation: "watch", Class: fleet.Unchanged, Version: s.Version, State: string(s.State), Support: s.Support, ReadOnly: s.ReadOnly,
			Unconfirmed: s.Unconfirmed, Began: s.Looked,
		}
		if !s.SupportUntil.IsZero() {
			o.SupportUntil = &s.SupportUntil
		}
		if s.Looked.IsZero() {
			o.Class, o.Message = fleet.Cancelled, "it was not looked at yet"
		}
		for _, t := range s.Troubles {
			if t.Severity == Problem && o.Class != fleet.Failed {
				o.Class, o.Kind, o.Message, o.Advice = fleet.Failed, string(t.Name), t.Text, t.Advice
				continue
			}
			o.Notes = append(o.Notes, t.Text+". Next: "+t.Advice)
		}
		if s.Change != "" {
			o.Notes = slices.Insert(o.Notes, 0, "changed on "+s.Changed.UTC().Format("2006-01-02 15:04 UTC")+": "+s.Change)
		}
		outcomes[i] = o
	}
	return outcomes
}
