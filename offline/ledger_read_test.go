package offline

import (
	"errors"
	"io"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
)

func emptyLedger() *Ledger { return &Ledger{index: map[string]entry{}, tokens: map[string]string{}} }

// TestTheLedgerCannotBeRead is another thing than damage: the next try may succeed.
func TestTheLedgerCannotBeRead(t *testing.T) {
	t.Parallel()
	if _, err := emptyLedger().readRecords(iotest.ErrReader(syscall.EIO)); !errors.Is(err, syscall.EIO) || errors.Is(err, ErrLedgerDamaged) {
		t.Errorf("%v", err)
	}
}

// TestTheLongestRecord can be read; what is longer is not taken into memory.
func TestTheLongestRecord(t *testing.T) {
	t.Parallel()
	const around = `{"request":"abcdefghijklmnop","answer":""}`
	line := lineOf(strings.Replace(around, `""`, `"`+strings.Repeat("x", maxRecord-len(lineOf(around))+1)+`"`, 1))
	if whole, err := emptyLedger().readRecords(strings.NewReader(line)); err != nil || whole != maxRecord+1 { // with its end
		t.Errorf("%d of %d bytes, %v", whole, len(line), err)
	}
	endless := &io.LimitedReader{R: iotest.DataErrReader(strings.NewReader(strings.Repeat("x", 4*maxRecord))), N: 4 * maxRecord}
	if _, err := emptyLedger().readRecords(endless); !errors.Is(err, ErrLedgerDamaged) || endless.N < 2*maxRecord {
		t.Errorf("%d bytes were not read: %v", endless.N, err)
	}
}
