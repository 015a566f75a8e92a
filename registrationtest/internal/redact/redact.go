// Package redact takes the secrets out of what the fake servers remember.
//
//	entry.Body = redact.Body(r.Header.Get("Content-Type"), body)
package redact

import (
	"bytes"
	"encoding/json"
	"mime"
	"net/http"
	"net/url"
)

// Placeholder stands where a secret was.
const Placeholder = "[redacted]"

// Header returns a copy of the headers, without credentials.
func Header(h http.Header) http.Header {
	clean := h.Clone()
	for _, name := range []string{"Authorization", "X-Auth-Token", "X-2fa-Code", "Cookie"} {
		if clean.Get(name) != "" {
			clean.Set(name, Placeholder)
		}
	}
	return clean
}

// secret names the fields of a body that are secrets.
func secret(field string) bool {
	switch field {
	case "client_secret", "token", "password", "code", "resume", "cloudBlob", "license":
		return true
	}
	return false
}

// Body returns a copy of a body without the secrets in its fields. What is neither JSON nor a form has no fields, and
// is returned as it is. The parameters of a method that takes bare secrets are replaced as a whole, also where the
// method is inside the text of "message".
func Body(contentType string, body []byte) []byte {
	if media, _, err := mime.ParseMediaType(contentType); err == nil && media == "application/x-www-form-urlencoded" {
		return form(body)
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return bytes.Clone(body)
	}
	if !walk(value) {
		return bytes.Clone(body)
	}
	clean, err := json.Marshal(value)
	if err != nil {
		return nil
	}
	return clean
}

func form(body []byte) []byte {
	values, err := url.ParseQuery(string(body))
	if err != nil {
		return nil
	}
	for field := range values {
		if secret(field) {
			values.Set(field, Placeholder)
		}
	}
	return []byte(values.Encode())
}

// walk replaces the secrets below a JSON value, and reports whether there were any.
func walk(value any) bool {
	found := false
	switch v := value.(type) {
	case map[string]any:
		for field, inner := range v {
			if text, ok := inner.(string); ok && text != "" && secret(field) {
				v[field] = Placeholder
				found = true
				continue
			}
			if text, ok := inner.(string); ok && field == "message" {
				if clean := Body("", []byte(text)); string(clean) != text {
					v[field] = string(clean)
					found = true
				}
				continue
			}
			found = walk(inner) || found
		}
		if method, ok := v["method"].(string); ok && takesSecrets(method) {
			v["params"] = Placeholder
			found = true
		}
	case []any:
		for _, inner := range v {
			found = walk(inner) || found
		}
	}
	return found
}

// takesSecrets names the methods whose parameters are bare secrets.
func takesSecrets(method string) bool { return method == "cloud:connectWorkspace" || method == "login" }
