package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/rcreg/registration/internal/screen"
	"github.com/rcreg/registration/offline"
)

// What offline status says of the answer to a request.
const (
	answerNotLooked = "not looked for"
	answerNone      = "none"
	answerSealed    = "sealed"
	answerUnsealed  = "unsealed"
	answerRefused   = "refused"
	answerApplied   = "applied" // and not archived yet
)

const offlineStatusHelp = `List the requests that are pending, and whether their answers have come. It needs no workspace:
the state folder knows the requests of all, and --workspace names one by its address or unique id.

With --exchange the answers are looked for: none, sealed, unsealed (a code that a person saved,
which must have stayed private), or refused, with the reason.`

func (a *app) offlineStatus() *cobra.Command {
	var workspace string
	g := &gapSource{app: a}
	cmd := a.leaf("status", "List the requests that are pending", func(context.Context) error { return a.showPending(g, workspace) })
	cmd.Long = offlineStatusHelp
	cmd.Example = "  rcreg offline status --exchange /media/stick/exchange\n  rcreg offline status --output json | jq -r '.requests[].workspace'"
	cmd.Flags().StringVarP(&workspace, "workspace", "w", "", "only requests of the workspace with this `URL` or unique id")
	g.flags(cmd)
	return cmd
}

func (a *app) showPending(g *gapSource, workspace string) error {
	state, err := g.openState()
	if err != nil {
		return err
	}
	r := &offline.Requester{State: state, Clock: a.system.Clock}
	if g.exchange != "" {
		if r.Folder, err = exchangeFolder(g.exchange); err != nil {
			return err
		}
	}
	pending, err := r.Pending("")
	closing, closingErr := r.Closing("")
	if err := errors.Join(err, closingErr); err != nil {
		return err
	}
	v := requestsView{Requests: []requestItem{}}
	if r.Folder != nil {
		if v.Strays, err = r.Folder.Strays(); err != nil {
			return err
		}
	}
	for _, request := range pending {
		if isOf(request, workspace) {
			v.Requests = append(v.Requests, itemOf(r, request))
		}
	}
	for _, request := range closing {
		if isOf(request, workspace) {
			item := plainItemOf(request)
			item.Answer = answerApplied
			v.Requests = append(v.Requests, item)
		}
	}
	return a.show(v)
}

// isOf reports whether a request is of the workspace with a name: its unique id or its address. None means all.
func isOf(request offline.Request, name string) bool {
	of := request.Workspace()
	return name == "" || name == of.UniqueID || strings.EqualFold(strings.TrimRight(name, "/"), strings.TrimRight(of.Address, "/"))
}

// itemOf describes a pending request, with its answer where there is a folder to look in.
func itemOf(r *offline.Requester, request offline.Request) requestItem {
	item := plainItemOf(request)
	if r.Folder == nil {
		item.Answer = answerNotLooked
		return item
	}
	answer, err := r.Answer(request.ID())
	switch {
	case errors.Is(err, offline.ErrNoAnswer):
		item.Answer = answerNone
	case err != nil:
		item.Answer, item.Error = answerRefused, err.Error()
	case answer.Sealed():
		item.Answer = answerSealed
	default:
		item.Answer = answerUnsealed
	}
	return item
}

func plainItemOf(request offline.Request) requestItem {
	of := request.Workspace()
	return requestItem{Request: request.ID(), Kind: string(request.Kind()), Workspace: of.String(), UniqueID: of.UniqueID, Created: request.Created()}
}

type requestsView struct {
	Requests []requestItem `json:"requests"`
	// Strays are files among the answers whose name is none of an answer.
	Strays []string `json:"strays,omitempty"`
}

type requestItem struct {
	Request   string    `json:"request"`
	Kind      string    `json:"kind"`
	Workspace string    `json:"workspace"`
	UniqueID  string    `json:"unique_id"`
	Created   time.Time `json:"created"`
	Answer    string    `json:"answer,omitempty"`
	Error     string    `json:"error,omitempty"`
}

func (v requestsView) text(out io.Writer, _ style) {
	if len(v.Requests) == 0 {
		_, _ = fmt.Fprintln(out, "No requests are pending.")
		return
	}
	rows := [][]string{{"REQUEST", "KIND", "WORKSPACE", "CREATED", "ANSWER"}}
	for _, item := range v.Requests {
		rows = append(rows, []string{item.Request, item.Kind, item.Workspace, item.Created.UTC().Format("2006-01-02 15:04 MST"), item.Answer})
	}
	screen.Columns(out, rows)
	for _, item := range v.Requests {
		if item.Error != "" {
			screen.Printf(out, "%s: %s\n", item.Request, item.Error)
		}
	}
	for _, name := range v.Strays {
		screen.Printf(out, "answers/%s is not taken for an answer: name it answers/REQUEST.txt, or pass it with rcreg offline apply --answer FILE\n", name)
	}
}
