package fleet

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/rcreg/registration/internal/linelog"
)

// isNew reports whether the file has no line yet.
func (j *Journal) isNew() bool {
	_, err := j.log.ReadAt(0)
	return err != nil
}

// read takes a line into the index.
func (j *Journal) read(line linelog.Line) error {
	record, err := parseRecord(line.Text)
	if err != nil {
		return err
	}
	if line.Number == 1 {
		return j.readHeader(record)
	}
	switch {
	case record.Journal != 0:
		return errors.New("a second beginning")
	case record.Ended != "":
		j.entries[record.Ended] = journalEntry{offset: line.Offset}
	default:
		entry, known := j.entries[record.Began]
		if !known {
			entry.offset = -1
		}
		entry.inFlight = true
		j.entries[record.Began] = entry
	}
	return nil
}

func (j *Journal) readHeader(record journalRecord) error {
	switch {
	case record.Journal == 0:
		return errors.New("the first line is not the beginning of a journal")
	case record.Journal > journalFormat:
		return fmt.Errorf("it has format %d, this version knows up to %d", record.Journal, journalFormat)
	case record.Operation != j.operation:
		return fmt.Errorf("%w: %.40q, not %q", ErrOtherOperation, record.Operation, j.operation)
	}
	return nil
}

// parseRecord reads a line, and refuses what no version of this package can have written: damage that is passed over would be worked on twice.
func parseRecord(text []byte) (journalRecord, error) {
	var record journalRecord
	decoder := json.NewDecoder(bytes.NewReader(text))
	if err := decoder.Decode(&record); err != nil {
		return journalRecord{}, errors.New("it is not the JSON of a record")
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return journalRecord{}, errors.New("something follows the record")
	}
	kinds := 0
	for _, is := range []bool{record.Journal > 0, record.Began != "", record.Ended != ""} {
		if is {
			kinds++
		}
	}
	if kinds != 1 || (record.Outcome != nil) != (record.Ended != "") || record.Journal < 0 {
		return journalRecord{}, errors.New("it is none of the records of a journal")
	}
	if record.Outcome != nil && record.Outcome.Workspace != record.Ended {
		return journalRecord{}, errors.New("its outcome is another workspace's")
	}
	return record, nil
}
