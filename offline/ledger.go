package offline

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"github.com/rcreg/registration/grants"
	"github.com/rcreg/registration/internal/document"
	"github.com/rcreg/registration/internal/linelog"
	"github.com/rcreg/registration/internal/safedir"
)

// Ledger is a courier's memory, in a private folder (0700, files 0600) on the courier's side: which token was handed to the Cloud for which request, and
// what came of it. Only one process can have it open. Make one with [OpenLedger]: an empty or nil one fails.
//
//	ledger.jsonl  one record a line, only ever appended to: tokens as their SHA-256, and the sealed answers, to write one again that got lost
//	unfinished/   grants whose license is still to be fetched
//	grants/       grants that are kept for licenses, see [Courier.KeepGrants]
type Ledger struct {
	dir        *safedir.Dir
	lock       safedir.File
	unfinished *grants.Store
	kept       *grants.Store

	log *linelog.Log

	mu     sync.Mutex        // held from the look at the fields below to the record that changes them
	index  map[string]entry  // by request
	tokens map[string]string // digest of a token → the request that it was last tried for
}

const (
	ledgerFile = "ledger.jsonl"
	lockFile   = "lock"

	unfinishedFolder = "unfinished"
	grantsFolder     = "grants"

	maxRecord = 3 * document.MaxSize // bytes
)

func ledgerLines() linelog.Format {
	return linelog.Format{Begins: "{", MaxLine: maxRecord, CheckFirst: true}
}

// OpenLedger opens the ledger in the folder of a path. It makes the folder when there is none; the one above it must be there. The options seal the grants
// that are kept. Errors: [ErrLocked], [ErrReadableByOthers], [ErrLedgerDamaged], [ErrNewerFormat], and those of the file system.
func OpenLedger(path string, options ...grants.Option) (*Ledger, error) {
	dir, err := document.OpenPrivate(path)
	if err != nil {
		return nil, failed("open the ledger", "", err)
	}
	l, err := openLedger(dir, options)
	if err != nil {
		return nil, failed("open the ledger", "", err)
	}
	l.unfinished.Tidy(l.answered()...)
	l.kept.Tidy()
	return l, nil
}

// answered lists the requests whose answers are kept. A courier that was killed in between has not come to discard their grants.
func (l *Ledger) answered() (requests []string) {
	for id, known := range l.index {
		if known.Event == eventAnswered {
			requests = append(requests, id)
		}
	}
	return requests
}

func openLedger(dir *safedir.Dir, options []grants.Option) (*Ledger, error) {
	lock, err := dir.Lock(lockFile)
	if err != nil {
		return nil, err
	}
	l := &Ledger{
		dir:        dir,
		lock:       lock,
		unfinished: grants.In(dir, unfinishedFolder, options...),
		kept:       grants.In(dir, grantsFolder, options...),
		index:      map[string]entry{},
		tokens:     map[string]string{},
	}
	l.log, err = linelog.OpenIn(dir, ledgerFile, ledgerLines(), l.read)
	var damage *linelog.DamageError
	if errors.As(err, &damage) && !errors.Is(err, ErrNewerFormat) {
		err = fmt.Errorf("%w: %s: %w: restore the file: without it a token may be spent twice", ErrLedgerDamaged, ledgerFile, err)
	}
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return l, nil
}

// isOpened reports whether OpenLedger has made the ledger.
func (l *Ledger) isOpened() bool { return l != nil && l.log != nil }

// Close lets other processes open the ledger.
func (l *Ledger) Close() error {
	if !l.isOpened() {
		return failed("close the ledger", "", safedir.ErrNotOpened)
	}
	return failed("close the ledger", "", errors.Join(l.log.Close(), l.lock.Close()))
}

// read takes a line of the file into the index.
func (l *Ledger) read(line linelog.Line) error {
	r, err := parseRecord(line.Text)
	if err == nil {
		l.note(r, line.Offset, line.Text)
	}
	return err
}

// entry is what the ledger knows of a request: its last record without the answer, where that is, and the tokens (their digests) whose outcome is unknown.
type entry struct {
	record
	offset  int64
	sum     [sha256.Size]byte // of the record, to know it again
	inDoubt []string
}

// note takes a record into the index, which is behind all others.
func (l *Ledger) note(r record, offset int64, text []byte) {
	r.Answer = "" // it stays in the file
	l.index[r.Request] = entry{record: r, offset: offset, sum: sha256.Sum256(text), inDoubt: doubts(l.index[r.Request].inDoubt, r)}
	if r.Event == eventVoid {
		delete(l.tokens, r.TokenSHA256)
	} else {
		l.tokens[r.TokenSHA256] = r.Request
	}
}

// append writes a record, and returns when it lasts. Records that are written at the same time share an fsync.
func (l *Ledger) append(r record) error {
	number, err := l.write(r)
	if err != nil {
		return err
	}
	return l.sync(number)
}

func (l *Ledger) write(r record) (number int, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.writeLocked(r)
}

// writeLocked is write for those who hold the lock.
func (l *Ledger) writeLocked(r record) (number int, err error) {
	text, err := json.Marshal(r)
	if err != nil {
		return 0, err
	}
	number, offset, err := l.log.Write(text)
	if err != nil {
		return 0, unwritable(err)
	}
	l.note(r, offset, text)
	return number, nil
}

// failure is why the ledger cannot be written any more, or nil.
func (l *Ledger) failure() error { return unwritable(l.log.Err()) }

// sync makes the records up to a number last.
func (l *Ledger) sync(number int) error { return unwritable(l.log.Sync(number)) }

func unwritable(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("the ledger: %w", err)
}
