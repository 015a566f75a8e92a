package faults

import (
	"encoding/json"
	"strings"
)

// sampleReply holds what replies of a side have in common, for one that was never made.
func sampleReply(side Side) []byte {
	if side == Workspace {
		return []byte(`{"success":true,"message":"{\"msg\":\"result\",\"id\":\"1\",\"result\":true}","registrationStatus":` +
			`{"workspaceRegistered":true,"workspaceId":"w","uniqueId":"u","token":"","email":"e"},"version":"1","info":{"version":"1"}}`)
	}
	return []byte(`{"workspaceId":"w","client_id":"c","client_secret":"s","client_name":"n","publicKey":"k","access_token":"t",` +
		`"expires_in":3600,"device_code":"d","interval":5,"license":"l","successful":true,"payload":{"workspaceId":"w"}}`)
}

// wrongTypes gives every value of a JSON text another type than it has. Objects and lists stay, and so does what tells a
// message of a method call from others. A text that is no JSON becomes a number.
func wrongTypes(text []byte) []byte {
	var value any
	if json.Unmarshal(text, &value) != nil {
		return []byte("42")
	}
	wrong, err := json.Marshal(otherType(value))
	if err != nil { // it came from JSON
		return []byte("42")
	}
	return wrong
}

func otherType(value any) any {
	switch v := value.(type) {
	case map[string]any:
		_, isMessage := v["msg"].(string)
		for key, inner := range v {
			if !isMessage || key != "msg" && key != "id" {
				v[key] = otherType(inner)
			}
		}
		return v
	case []any:
		for i, inner := range v {
			v[i] = otherType(inner)
		}
		return v
	case string:
		if strings.HasPrefix(v, "{") && json.Valid([]byte(v)) { // the message of a method call
			return string(wrongTypes([]byte(v)))
		}
		return 42
	case bool:
		return "yes"
	case float64:
		return "many"
	}
	return []any{} // instead of null
}
