package workspace

import (
	"bytes"
	"encoding/json"
	"time"
)

// plainDates turns the dates of EJSON ({"$date": milliseconds}), which methods send, into the RFC 3339 texts that REST
// endpoints send, so that a caller decodes both in the same way. Anything unreadable stays as it is.
func plainDates(raw json.RawMessage) json.RawMessage {
	if !bytes.Contains(raw, []byte(`"$date"`)) {
		return raw
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber() // numbers keep their digits
	var value any
	if decoder.Decode(&value) != nil {
		return raw
	}
	plain, _ := json.Marshal(withPlainDates(value)) // what came as JSON
	return plain
}

func withPlainDates(value any) any {
	switch value := value.(type) {
	case []any:
		for i := range value {
			value[i] = withPlainDates(value[i])
		}
	case map[string]any:
		if date, ok := dateOf(value); ok {
			return date
		}
		for key := range value {
			value[key] = withPlainDates(value[key])
		}
	}
	return value
}

// dateOf reads an EJSON date. Years beyond 9999 have no RFC 3339 text.
func dateOf(value map[string]any) (string, bool) {
	number, _ := value["$date"].(json.Number) // anything else becomes "", which is no integer
	ms, err := number.Int64()
	if err != nil || len(value) != 1 {
		return "", false
	}
	date := time.UnixMilli(ms).UTC()
	if date.Year() < 0 || date.Year() > 9999 {
		return "", false
	}
	return date.Format("2006-01-02T15:04:05.000Z"), true
}
