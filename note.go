package registration

import (
	"context"
	"fmt"
	"slices"
	"sync"
)

// notes is what an operation wants its reader to know besides.
type notes struct {
	mu      sync.Mutex
	texts   []string
	lost    int          // registration tokens whose answer was lost
	unspent bool         // the registration token of the request
	license *seenLicense // before the workspace was given a grant; nil when it was not
}

type notesKey struct{}

// keepNotes returns a context whose notes are kept.
func keepNotes(ctx context.Context) (context.Context, *notes) {
	kept := &notes{}
	return context.WithValue(ctx, notesKey{}, kept), kept
}

// Note adds to the Notes of the [Result] of the operation that ctx belongs to, for those who write a [Transport]. Outside an operation it does nothing.
// A note must not hold a secret.
func Note(ctx context.Context, format string, args ...any) {
	if kept := notesOf(ctx); kept != nil {
		kept.add(fmt.Sprintf(format, args...))
	}
}

// notesOf returns what is kept for the operation that ctx belongs to; nil outside one.
func notesOf(ctx context.Context) *notes {
	if ctx == nil {
		return nil
	}
	kept, _ := ctx.Value(notesKey{}).(*notes)
	return kept
}

// Unspent tells, for those who write a [Transport], that the registration token of the request was not used, although its registration succeeds: see the Unspent of
// the [Result]. Of one that failed the [Error] says so.
func Unspent(ctx context.Context) {
	if kept := notesOf(ctx); kept != nil {
		kept.mu.Lock()
		defer kept.mu.Unlock()
		kept.unspent = true
	}
}

// LostToken tells, for those who write a [Transport], of a registration token of an earlier run that was handed over, and whose answer was lost: it is [Note], and counts
// in the LostTokens of the [Result].
func LostToken(ctx context.Context, format string, args ...any) {
	if kept := notesOf(ctx); kept != nil {
		kept.mu.Lock()
		defer kept.mu.Unlock()
		kept.texts = append(kept.texts, fmt.Sprintf(format, args...))
		kept.lost++
	}
}

// ofTokens says what is known of registration tokens.
func (n *notes) ofTokens() (lost int, unspent bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.lost, n.unspent
}

func (n *notes) add(text string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.texts = append(n.texts, text)
}

func (n *notes) list() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.texts)
}
