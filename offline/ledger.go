package offline

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/rcreg/registration/internal/safedir"
)

// Ledger is a courier's memory, in a private folder (0700, files 0600) on the courier's side: which token was handed to the Cloud for which request, and
// what came of it. Only one process can have it open.
//
//	ledger.jsonl  one record a line, only ever appended to: tokens as their SHA-256, and the sealed answers, to write one again that got lost
//	unfinished/   grants whose licence is still to be fetched
//	grants/       grants that are kept for licences, see [Courier.KeepGrants]
type Ledger struct {
	dir        *safedir.Dir
	lock       safedir.File
	unfinished *Vault
	grants     *Vault

	mu      sync.Mutex // the fields below
	file    safedir.File
	chain   chain
	size    int64             // of the file
	index   map[string]entry  // by request
	tokens  map[string]string // digest of a token → the request that it was last tried for
	written int               // records
	broken  error             // after a failed write nothing is known of the file's end

	syncing safedir.GroupSync
}

const (
	ledgerFile = "ledger.jsonl"
	lockFile   = "lock"

	unfinishedFolder = "unfinished"

	maxRecord = 3 * maxDocument // bytes
)

// OpenLedger opens the ledger in the folder of a path. It makes the folder when there is none; the one above it must be there. The options seal the grants
// that are kept. Errors: [ErrLocked], [ErrReadableByOthers], [ErrLedgerDamaged], and those of the file system.
func OpenLedger(path string, options ...VaultOption) (*Ledger, error) {
	dir, err := openPrivate(path)
	if err != nil {
		return nil, failed("open the ledger", "", err)
	}
	l, err := openLedger(dir, options)
	if err != nil {
		return nil, failed("open the ledger", "", err)
	}
	l.discardFinished()
	l.unfinished.sweep()
	l.grants.sweep()
	return l, nil
}

// discardFinished deletes the grants of requests whose answers are kept: a courier that was killed in between has not come to it. When it cannot be done,
// the next one tries again.
func (l *Ledger) discardFinished() {
	names, _ := l.dir.Names(unfinishedFolder)
	parts, _ := l.dir.Parts(unfinishedFolder, maxKept)
	for _, part := range parts {
		if content, err := readKept(part.Text); err == nil {
			names = append(names, nameOf(content.Owner)+documentSuffix)
		}
	}
	for id, known := range l.index {
		if known.Event == eventAnswered && slices.Contains(names, nameOf(id)+documentSuffix) {
			_ = l.unfinished.Discard(id)
		}
	}
}

func openLedger(dir *safedir.Dir, options []VaultOption) (*Ledger, error) {
	lock, err := dir.Lock(lockFile)
	if err != nil {
		return nil, err
	}
	file, err := dir.Log(ledgerFile)
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	l := &Ledger{
		dir:        dir,
		lock:       lock,
		file:       file,
		unfinished: newVault(dir, unfinishedFolder, options),
		grants:     newVault(dir, grantsFolder, options),
		index:      map[string]entry{},
		tokens:     map[string]string{},
	}
	if err := l.readAll(); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

// Close lets other processes open the ledger.
func (l *Ledger) Close() error {
	return failed("close the ledger", "", errors.Join(l.file.Close(), l.lock.Close()))
}

// readAll reads the file, and cuts off what a crash left unfinished at its end.
func (l *Ledger) readAll() error {
	whole, err := l.readRecords(l.file)
	if err != nil {
		return err
	}
	return errors.Join(l.file.Truncate(whole), l.file.Sync())
}

// readRecords reads records, and returns how many bytes of the text are whole.
//
// A line without an end, or with zeros in it, was being written when the machine stopped. It was never synced, so nothing was done that it speaks of. Any
// other line that does not fit is damage: the token of the lost record might be spent again.
func (l *Ledger) readRecords(text io.Reader) (whole int64, err error) {
	lines := bufio.NewReader(text)
	for number := 1; ; number++ {
		line, err := readLine(lines)
		if errors.Is(err, io.EOF) {
			return l.size, nil
		}
		if err != nil {
			return l.size, fmt.Errorf("line %d: %w", number, err)
		}
		if bytes.IndexByte(line, 0) >= 0 {
			return l.size, nil
		}
		r, next, err := l.chain.readLine(bytes.TrimSuffix(line, []byte("\n")))
		if err != nil {
			return l.size, fmt.Errorf("line %d: %w", number, err)
		}
		l.note(r, next, len(line))
	}
}

// readLine reads a line with its end. The error is io.EOF when there is none, or when a long line has zeros in it.
func readLine(lines *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := lines.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case !errors.Is(err, bufio.ErrBufferFull):
			return line, err
		case bytes.IndexByte(part, 0) >= 0:
			return nil, io.EOF
		case len(line) > maxRecord:
			return nil, ErrLedgerDamaged
		}
	}
}

// entry is what the ledger knows of a request: its last record without the answer, where that is, and whether there was an intent before it without an
// outcome.
type entry struct {
	record
	before chain // of the record
	offset int64
	length int
	doubt  bool
}

// note takes a record into the index, which is behind all others.
func (l *Ledger) note(r record, next chain, length int) {
	r.Answer = "" // it stays in the file
	last := l.index[r.Request]
	doubt := last.doubt || last.Event == eventIntent && r.Event == eventIntent
	l.index[r.Request] = entry{record: r, before: l.chain, offset: l.size, length: length, doubt: doubt}
	l.chain, l.size = next, l.size+int64(length)
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
	if l.broken != nil {
		return 0, l.broken
	}
	line, next, err := l.chain.line(r)
	if err != nil {
		return 0, err
	}
	if _, err := l.file.Write(line); err != nil {
		l.broken = fmt.Errorf("the ledger cannot be written: %w", err)
		return 0, l.broken
	}
	l.note(r, next, len(line))
	l.written++
	return l.written, nil
}

// failure is why the ledger cannot be written any more, or nil.
func (l *Ledger) failure() error {
	_, broken := l.state()
	return broken
}

// sync makes the records up to a number last.
func (l *Ledger) sync(number int) error { return l.syncing.UpTo(number, l.state, l.fsync) }

// state is how many records were written, and why no more can be.
func (l *Ledger) state() (written int, broken error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.written, l.broken
}

func (l *Ledger) fsync() error {
	err := l.file.Sync()
	if err == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.broken = fmt.Errorf("the ledger cannot be written: %w", err)
	return l.broken
}
