package cli

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/screen"
	"github.com/rcreg/registration/offline"
)

// requestError is an operation that waits for the answer to a request in the exchange folder.
type requestError struct {
	ticket registration.Ticket
	gap    gapSource
	err    error
	parts  []string // of the request, where they were asked for
}

func (e *requestError) Error() string {
	what := "a registration"
	if e.kind() == offline.License {
		what = "a license"
	}
	return fmt.Sprintf("request %s for %s waits for its answer", e.ticket.Request, what)
}

func (e *requestError) Unwrap() error { return e.err }

// kind is what the request asks for.
func (e *requestError) kind() offline.Kind {
	if e.ticket.Operation != "" {
		return offline.License
	}
	return offline.Registration
}

func (e *requestError) advice() string {
	if e.gap.qr {
		return fmt.Sprintf("scan the codes where the Cloud can be reached (%s), then the codes that it shows there: %s", scanIntoCourier, e.gap.applyScanned())
	}
	return fmt.Sprintf("carry %s to where the Cloud can be reached, answer the request there (rcreg courier run), bring the folder back, then run %s",
		e.gap.exchange, e.gap.apply())
}

// requestView is what a person has to know of a request that waits.
type requestView struct {
	ID      string    `json:"id"`
	Kind    string    `json:"kind"`
	Created time.Time `json:"created"`
	// The files for a courier, and for a person who uses the Cloud console.
	CourierRequest string `json:"courier_request"`
	CourierAnswer  string `json:"courier_answer"`
	ConsoleRequest string `json:"console_request"`
	ConsoleAnswer  string `json:"console_answer"`
	// Parts is the request as its QR codes hold it, where they were asked for.
	Parts []string `json:"parts,omitempty"`

	gap gapSource
}

// requestIn finds the request that an operation waits for; nil where there is none.
func requestIn(err error) *requestView {
	var waits *requestError
	if !errors.As(err, &waits) {
		return nil
	}
	file := func(folder, suffix string) string {
		return filepath.Join(waits.gap.exchange, folder, waits.ticket.Request+suffix)
	}
	return &requestView{
		ID:             waits.ticket.Request,
		Kind:           string(waits.kind()),
		Created:        waits.ticket.Created,
		CourierRequest: file("requests", ".json"),
		CourierAnswer:  file("answers", ".json"),
		ConsoleRequest: file("requests", ".txt"),
		ConsoleAnswer:  file("answers", ".txt"),
		Parts:          waits.parts,
		gap:            waits.gap,
	}
}

func (v requestView) text(out io.Writer, s style, what errorBody) {
	screen.Printf(out, "%s %s.\n", s.Warn("Pending:"), what.Message)
	if v.gap.qr {
		screen.Columns(out, [][]string{
			{"With a courier", "scan the codes into " + scanIntoCourier},
			{"Next", "scan the codes that it shows into " + v.gap.applyScanned()},
		})
		return
	}
	rows := [][]string{{"Folder", v.gap.exchange + ": carry it to where Rocket.Chat Cloud can be reached"}}
	if v.Kind == string(offline.Registration) {
		rows = append(rows, []string{"With a courier", "rcreg courier run --exchange FOLDER --tokens-file FILE"},
			[]string{"By hand", "paste the text of requests/" + v.ID + `.txt into the Cloud console, under "Continue offline",`},
			[]string{"", "and save the code that it shows as answers/" + v.ID + ".txt"})
	} else {
		rows = append(rows, []string{"With a courier", "the one that registered the workspace: rcreg courier run --exchange FOLDER --keep-grants"},
			[]string{"By hand", "save the license that Rocket.Chat sends you as answers/" + v.ID + ".txt"})
	}
	screen.Columns(out, append(rows, []string{"Next", "carry the folder back, then run " + v.gap.apply()}))
}
