package cloud

import (
	"bytes"
	"encoding/json"
	"errors"
)

// object is a JSON object by its exact keys: encoding/json alone would take CLIENT_ID for client_id, and servers do not.
type object map[string]json.RawMessage

// get returns the value of a key, or null.
func (o object) get(key string) json.RawMessage {
	if value, ok := o[key]; ok {
		return value
	}
	return json.RawMessage("null")
}

// isNull tells whether a value is null or missing.
func isNull(value json.RawMessage) bool { return string(value) == "null" }

// readObject reads a JSON object, or says what the text is instead. The errors of encoding/json quote the text, so they go no further.
func readObject(text []byte) (object, string) {
	if !json.Valid(text) {
		var syntax *json.SyntaxError
		if errors.As(json.Unmarshal(text, new(any)), &syntax) && syntax.Offset >= int64(len(text)) && len(bytes.TrimSpace(text)) > 0 {
			return nil, "its JSON is cut off"
		}
		return nil, "it is not JSON"
	}
	switch bytes.TrimLeft(text, " \t\r\n")[0] {
	case '{':
	case '[':
		return nil, "it is a list, not an object"
	case '"':
		return nil, "it is a text, not an object"
	default:
		return nil, "it is not an object"
	}
	var read object
	if json.Unmarshal(text, &read) != nil {
		return nil, "it is not JSON"
	}
	return read, ""
}

// setMember replaces the value of a key in a JSON object, or appends the key, and leaves every other byte alone. Of a key that is there twice the last
// one counts, as everywhere.
func setMember(text []byte, key string, value []byte) ([]byte, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	if _, err := decoder.Token(); err != nil {
		return nil, err
	}
	end, members := decoder.InputOffset(), 0
	from, to := int64(-1), int64(-1)
	for ; decoder.More(); members++ {
		name, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		var old json.RawMessage
		if err := decoder.Decode(&old); err != nil {
			return nil, err
		}
		if end = decoder.InputOffset(); name == key {
			from, to = end-int64(len(old)), end
		}
	}
	if from >= 0 {
		return splice(text, from, to, value), nil
	}
	member := `"` + key + `":` + string(value)
	if members > 0 {
		member = "," + member
	}
	return splice(text, end, end, []byte(member)), nil
}

// splice returns the text with what is between from and to replaced.
func splice(text []byte, from, to int64, by []byte) []byte {
	out := make([]byte, 0, len(text)+len(by))
	out = append(out, text[:from]...)
	out = append(out, by...)
	return append(out, text[to:]...)
}
