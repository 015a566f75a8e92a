package offline

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/rcreg/registration/cloud"
)

// Courier is the connected side of an air gap: it takes every request in an exchange folder to Rocket.Chat Cloud and writes the answers.
type Courier struct {
	Cloud  Cloud
	Tokens Tokens
	Folder *Folder
	Ledger *Ledger
	// KeepGrants keeps the grant of each registration, so that licenses can be fetched later: then the ledger's folder holds the client secrets of all
	// workspaces. Without it no client secret is kept once a registration is answered, and requests for licenses are left without an answer.
	KeepGrants bool
	// Concurrency is how many requests are at the Cloud at a time; 0 means 4.
	Concurrency int
	Clock       Clock        // nil is the machine's
	Logger      *slog.Logger // nil logs nothing
}

const defaultConcurrency = 4

// Cloud is what a courier asks of Rocket.Chat Cloud: a [cloud.Client] is one.
type Cloud interface {
	// ExchangeToken spends a registration token for a grant, which may lack its license. The kinds of errors of the package cloud say what became of the
	// token: after cloud.ErrOutcomeUnknown, and after any error of no such kind, that is unknown.
	ExchangeToken(ctx context.Context, token string, data cloud.RegistrationData) (cloud.Grant, error)
	// License fetches the present license of the workspace that a grant belongs to, in the newest format that the workspace reads.
	License(ctx context.Context, grant cloud.Grant, version int) (cloud.LicenseData, error)
}

// Run exchanges every request in the folder, and returns what became of each. One bad request does not stop the others, and a second run does nothing
// twice. The error is of what stops all: the folder or the ledger cannot be used, or ctx is done; the report then holds what was done before.
func (c *Courier) Run(ctx context.Context) (Report, error) {
	switch {
	case c == nil || c.Cloud == nil || c.Folder == nil || !c.Ledger.isOpened():
		return Report{}, failed("exchange the requests", "", errors.New("a courier needs a Cloud, a folder and a ledger: give it all three"))
	case ctx == nil:
		return Report{}, failed("exchange the requests", "", errors.New("the context is nil: use context.Background, better with a time limit"))
	}
	ids, strangers, err := c.Folder.Requests()
	if err != nil {
		return Report{}, err
	}
	there, err := c.Folder.answers()
	if err != nil {
		return Report{}, err
	}
	r := &round{Courier: c, there: there, slots: make(chan struct{}, c.concurrency())}
	items := make([]Item, len(ids))
	err = r.each(ctx, len(ids), func(ctx context.Context, i int) error {
		items[i] = r.deliver(ctx, ids[i])
		r.log(ctx, items[i])
		return c.Ledger.failure()
	})
	report := Report{}
	for _, item := range items {
		if item.Outcome != "" { // else it was not begun
			report.Items = append(report.Items, item)
		}
	}
	for _, name := range strangers {
		report.Items = append(report.Items, Item{File: name, Outcome: Unreadable, Err: failed("read the request", "", ErrInvalidName)})
	}
	slices.SortFunc(report.Items, func(a, b Item) int { return strings.Compare(a.File, b.File) })
	return report, failed("exchange the requests", "", err)
}

func (c *Courier) concurrency() int {
	if c.Concurrency < 1 {
		return defaultConcurrency
	}
	return c.Concurrency
}

func (c *Courier) now() time.Time { return clockOr(c.Clock).Now() }
