package workspace

import "bytes"

// succeeded reports whether the JSON text of a reply says at its top level that the call succeeded: "success": true, or
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
			if depth == 1 && meansSuccess(text[i:end], valueOf(text[end:])) {
				return true
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

// valueOf returns what follows a key, from the value on. Behind any other text a comma or a bracket comes first.
func valueOf(rest []byte) []byte {
	const space = " \t\r\n"
	return bytes.TrimLeft(bytes.TrimPrefix(bytes.TrimLeft(rest, space), []byte(`:`)), space)
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
