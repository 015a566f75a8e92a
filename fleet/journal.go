package fleet

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/clock"
	"github.com/rcreg/registration/internal/linelog"
	"github.com/rcreg/registration/internal/safedir"
)

// What is wrong with a journal. Compare with errors.Is.
var (
	// ErrOtherOperation: it is the journal of another operation. Name a new file, or run that operation.
	ErrOtherOperation = failure.OtherOperation
	// ErrJournalDamaged: a line is not as it was written, or the file is no journal at all. Restore the file, or begin a new one: every operation looks before
	// it acts.
	ErrJournalDamaged = failure.JournalDamaged
	// ErrJournalLocked: another process is writing it.
	ErrJournalLocked = failure.JournalLocked
	// ErrJournalBroken: it cannot be written any more, for example because the disk is full. Nothing was begun that is not in it.
	ErrJournalBroken = failure.JournalBroken
)

// Journal remembers on disk what one operation has begun and what came of it, workspace by workspace, so that it can be resumed when the process was killed. It
// holds no secret, and the file has mode 0600. It is safe for concurrent use. Make one with [OpenJournal]: an empty or nil one fails with [ErrJournalBroken].
//
// The file has one JSON object a line and is only ever appended to: first {"journal":1,"operation":…,"started":…}, then {"began":"alpha","attempt":1} before
// each try of an operation that writes, and {"ended":"alpha","outcome":{…}}. Of each workspace the last line counts. The last member of each, "check", is a
// SHA-256 over the line and those before it.
type Journal struct {
	operation string
	log       *linelog.Log

	mu      sync.Mutex // the map
	entries map[string]journalEntry
}

// journalEntry is what a journal keeps in memory of a workspace: the outcome itself stays in the file.
type journalEntry struct {
	offset   int64 // of the line with the outcome; -1 while there is none
	inFlight bool
}

// journalRecord is a line of any kind.
type journalRecord struct {
	Journal   int       `json:"journal,omitempty"` // the format, in the first line
	Operation string    `json:"operation,omitempty"`
	Started   time.Time `json:"started,omitzero"`
	Began     string    `json:"began,omitempty"`
	Attempt   int       `json:"attempt,omitempty"`
	Ended     string    `json:"ended,omitempty"`
	Outcome   *Outcome  `json:"outcome,omitempty"`
}

const journalFormat = 1

func journalLines() linelog.Format {
	return linelog.Format{Begins: `{"journal":`, MaxLine: maxRecord}
}

// maxRecord is how many bytes a line of a journal or of a pool's memory may have.
const maxRecord = 1 << 20

// OpenJournal opens the journal of an operation, such as "register", in the file of a path, and makes the file when it is not there. What a crash has left
// unfinished at its end is put aside, in a file with .torn-1 (or -2, …) at the end of its name. A file that does not begin as a journal does, or of which any
// byte was changed, is [ErrJournalDamaged] and stays as it is. Errors: [ErrOtherOperation], [ErrJournalDamaged], [ErrJournalLocked], and those of the file system.
func OpenJournal(path, operation string) (*Journal, error) {
	return openJournal(path, operation, linelog.Open)
}

// opener opens the log in the file of a path; tests have it on a file system of their own.
type opener func(path string, format linelog.Format, read func(linelog.Line) error) (*linelog.Log, error)

func openJournal(path, operation string, open opener) (*Journal, error) {
	j := &Journal{operation: operation, entries: map[string]journalEntry{}}
	log, err := open(path, journalLines(), j.read)
	if err != nil {
		return nil, openError(path, err)
	}
	j.log = log
	if j.isNew() {
		err = j.append(journalRecord{Journal: journalFormat, Operation: operation, Started: clock.System().Now().UTC()})
		if err != nil {
			return nil, errors.Join(err, log.Close())
		}
	}
	return j, nil
}

func openError(path string, err error) error {
	var damage *linelog.DamageError
	switch {
	case errors.As(err, &damage) && errors.Is(err, ErrOtherOperation):
		err = damage.Err
	case damage != nil:
		err = fmt.Errorf("%w: %w: restore the file, or name another one", ErrJournalDamaged, err)
	case errors.Is(err, safedir.ErrLocked):
		err = ErrJournalLocked
	}
	return fmt.Errorf("open %s: %w", path, err)
}

// Operation is the name of the operation whose journal it is.
func (j *Journal) Operation() string { return j.orEmpty().operation }

// Begin notes that a workspace is about to be worked on. When it returns nil the note lasts. Error: [ErrJournalBroken].
func (j *Journal) Begin(workspace string, attempt int) error {
	j = j.orEmpty()
	if err := j.append(journalRecord{Began: workspace, Attempt: attempt}); err != nil {
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	entry, known := j.entries[workspace]
	if !known {
		entry.offset = -1
	}
	entry.inFlight = true
	j.entries[workspace] = entry
	return nil
}

// End notes what became of a workspace. When it returns nil the note lasts. Error: [ErrJournalBroken].
func (j *Journal) End(outcome Outcome) error {
	j = j.orEmpty()
	line, err := json.Marshal(journalRecord{Ended: outcome.Workspace, Outcome: &outcome})
	if err != nil {
		return err
	}
	offset, err := j.log.Append(line)
	if err != nil {
		return broken(err)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.entries[outcome.Workspace] = journalEntry{offset: offset}
	return nil
}

// Ended returns what became of a workspace the last time, if it is known and nothing was begun since. Its Err and Ticket are not kept.
func (j *Journal) Ended(workspace string) (Outcome, bool) {
	j = j.orEmpty()
	j.mu.Lock()
	entry, known := j.entries[workspace]
	j.mu.Unlock()
	if !known || entry.inFlight || entry.offset < 0 {
		return Outcome{}, false
	}
	line, err := j.log.ReadAt(entry.offset)
	if err != nil {
		return Outcome{}, false // then it is looked at again
	}
	var record journalRecord
	if err := json.Unmarshal(line, &record); err != nil || record.Outcome == nil {
		return Outcome{}, false
	}
	return *record.Outcome, true
}

// InFlight reports whether something was begun for a workspace of which the journal does not know what came of it.
func (j *Journal) InFlight(workspace string) bool {
	j = j.orEmpty()
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.entries[workspace].inFlight
}

// Close lets other processes open the journal.
func (j *Journal) Close() error {
	if err := j.orEmpty().log.Close(); err != nil {
		return fmt.Errorf("close the journal: %w", err)
	}
	return nil
}

// orEmpty returns an empty journal, which cannot be written, in the place of none.
func (j *Journal) orEmpty() *Journal {
	if j == nil {
		return &Journal{}
	}
	return j
}

func (j *Journal) append(record journalRecord) error {
	line, err := json.Marshal(record)
	if err != nil {
		return err
	}
	if _, err := j.log.Append(line); err != nil {
		return broken(err)
	}
	return nil
}

func broken(err error) error { return fmt.Errorf("%w: %w", ErrJournalBroken, err) }
