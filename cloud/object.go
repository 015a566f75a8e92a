package cloud

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
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

// isNull reports whether a value is null or missing.
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

// setMember replaces the value of a key in a JSON object, or appends the key, and leaves every other byte alone. The object was read before, and is not
// empty. Of a key that is there twice the last one counts, as everywhere.
func setMember(text []byte, key string, value []byte) []byte {
	decoder := json.NewDecoder(bytes.NewReader(text))
	_, _ = decoder.Token()  // the brace
	var start, length int64 // of the value
	for {
		end := decoder.InputOffset()
		token, _ := decoder.Token()
		name, ok := token.(string)
		if !ok { // the other brace
			if length == 0 {
				return slices.Concat(text[:end], []byte(`,"`+key+`":`), value, text[end:])
			}
			return slices.Concat(text[:start], value, text[start+length:])
		}
		var old json.RawMessage
		_ = decoder.Decode(&old)
		if name == key {
			length = int64(len(old))
			start = decoder.InputOffset() - length
		}
	}
}
