package scan

import (
	"bytes"
	"compress/gzip"
	"io"
)

// pack compresses a text, for fewer codes: most of a file is base64 and hexadecimal digits.
func pack(text []byte) ([]byte, error) {
	var packed bytes.Buffer
	writer, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err == nil {
		_, err = writer.Write(text)
	}
	if err == nil {
		err = writer.Close()
	}
	return packed.Bytes(), err
}

// unpack reads what pack has written, up to a limit in bytes: a few scanned codes can unpack to a thousand times their length.
func unpack(packed []byte, limit int) ([]byte, error) {
	reader, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, ErrDamaged
	}
	text, err := io.ReadAll(io.LimitReader(reader, int64(limit)+1))
	if err != nil || len(text) > limit {
		return nil, ErrDamaged
	}
	return text, nil
}
