package workspace

import "bytes"

// succeeded tells whether the JSON text of a reply says at its top level that the call succeeded: "success": true, or
// "status": "success" as login and logout do. It does not check that the text is JSON: what it finds is decoded next. A
// decoder would do the same in more than twice the time, and every call comes through here.
func succeeded(text []byte) bool {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		case '"':
			end := endOfText(text, i)
			if depth == 1 {
				if value, isKey := valueOf(text[end:]); isKey && meansSuccess(text[i:end], value) {
					return true
				}
			}
			i = end - 1
		}
	}
	return false
}

// endOfText returns where the JSON text that begins at start ends, behind its quote.
func endOfText(text []byte, start int) int {
	for i := start + 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(text)
}

// valueOf returns what follows a key, from the value on.
func valueOf(rest []byte) (value []byte, isKey bool) {
	const space = " \t\r\n"
	rest = bytes.TrimLeft(rest, space)
	if len(rest) == 0 || rest[0] != ':' {
		return nil, false
	}
	return bytes.TrimLeft(rest[1:], space), true
}

func meansSuccess(key, value []byte) bool {
	switch string(key) {
	case `"success"`:
		return bytes.HasPrefix(value, []byte(`true`))
	case `"status"`:
		return bytes.HasPrefix(value, []byte(`"success"`))
	}
	return false
}
