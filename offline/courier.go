package offline

import (
	"context"
	"log/slog"
	"slices"
	"strings"

	"github.com/rcreg/registration/cloud"
)

// Courier is the connected side of an air gap: it takes every request in an exchange folder to Rocket.Chat Cloud and writes the answers.
type Courier struct {
	Cloud  Cloud
	Tokens Tokens
	Folder *Folder
	Ledger *Ledger
	// KeepGrants keeps the grant of each registration, so that licences can be fetched later: then the ledger's folder holds the client secrets of all
	// workspaces. Without it no client secret is kept once a registration is answered, and requests for licences are left without an answer.
	KeepGrants bool
	// Concurrency is how many requests are exchanged at a time; 0 means 4.
	Concurrency int
	Clock       Clock        // nil is the machine's
	Logger      *slog.Logger // nil logs nothing
}

const defaultConcurrency = 4

// Cloud is what a courier asks of Rocket.Chat Cloud: a [cloud.Client] is one.
type Cloud interface {
	// ExchangeToken spends a registration token for a grant, which may lack its licence. The kinds of errors of the package cloud say what became of the
	// token: after cloud.ErrOutcomeUnknown, and after any error of no such kind, nobody knows.
	ExchangeToken(ctx context.Context, token string, data cloud.RegistrationData) (cloud.Grant, error)
	// License fetches the present licence of the workspace that a grant belongs to, in the newest format that the workspace reads.
	License(ctx context.Context, grant cloud.Grant, version int) (cloud.LicenseData, error)
}

// Run exchanges every request in the folder, and returns what became of each. One bad request does not stop the others, and a second run does nothing
// twice. The error is of what stops all: the folder or the ledger cannot be used, or ctx is done; the report then holds what was done before.
func (c *Courier) Run(ctx context.Context) (Report, error) {
	ids, strangers, err := c.Folder.Requests()
	if err != nil {
		return Report{}, err
	}
	items := make([]Item, len(ids))
	err = c.each(ctx, len(ids), func(ctx context.Context, i int) error {
		items[i] = c.deliver(ctx, ids[i])
		c.log(ctx, items[i])
		return c.Ledger.failure()
	})
	report := Report{}
	for _, item := range items {
		if item.Outcome != "" { // else it was not begun
			report.Items = append(report.Items, item)
		}
	}
	for _, name := range strangers {
		report.Items = append(report.Items, Item{File: name, Outcome: Unreadable, Err: failed("read the request", "", ErrLeadsOut)})
	}
	slices.SortFunc(report.Items, func(a, b Item) int { return strings.Compare(a.File, b.File) })
	return report, failed("exchange the requests", "", err)
}

// deliver answers one request.
func (c *Courier) deliver(ctx context.Context, id string) Item {
	file := id + documentSuffix
	r, err := c.Folder.Request(id)
	if err != nil {
		return Item{File: file, Request: id, Outcome: Unreadable, Err: err}
	}
	outcome, err := c.answer(ctx, r)
	return Item{File: file, Request: id, Kind: r.Kind(), Workspace: r.Workspace(), Outcome: outcome, Err: failed("answer the request", id, err)}
}

// answer answers a request, unless that was done before.
func (c *Courier) answer(ctx context.Context, r Request) (Outcome, error) {
	answered, err := c.Ledger.isAnswered(r)
	if err != nil {
		return Failed, err
	}
	if answered {
		return c.writeAgain(r)
	}
	foreign, err := c.Folder.hasAnswer(r)
	if err != nil {
		return Failed, err
	}
	if foreign {
		return AnsweredBefore, nil
	}
	if r.Kind() == License {
		return c.fetchLicense(ctx, r)
	}
	return c.register(ctx, r)
}

// writeAgain writes an answer that the ledger keeps, unless it is in the folder.
func (c *Courier) writeAgain(r Request) (Outcome, error) {
	if there, err := c.Folder.hasAnswer(r); there && err == nil {
		return AnsweredBefore, nil
	}
	document, err := c.Ledger.answer(r)
	if err == nil {
		err = c.Folder.writeAnswer(r, document)
	}
	if err != nil {
		return Failed, err
	}
	return WrittenAgain, nil
}

// finish seals an answer, keeps it, and writes it into the folder.
func (c *Courier) finish(r Request, t choice, p payload) (Outcome, error) {
	document, err := sealAnswer(r, p, c.now())
	if err == nil {
		err = c.Ledger.keepAnswer(r, t, document, c.now())
	}
	if err == nil {
		err = c.Folder.writeAnswer(r, document)
	}
	if err != nil {
		return Failed, err
	}
	return Answered, nil
}

func (c *Courier) log(ctx context.Context, item Item) {
	if c.Logger == nil {
		return
	}
	level := slog.LevelInfo
	if item.Err != nil {
		level = slog.LevelWarn
	}
	c.Logger.Log(ctx, level, "request "+string(item.Outcome), "request", item.Request, "kind", string(item.Kind), "workspace", item.Workspace.String(), "error", item.Err)
}
