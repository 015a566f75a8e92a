package faults

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"
)

// masked is a text frame of a client.
func masked(text string) []byte {
	frame := textFrame([]byte(text))
	head := len(frame) - len(text)
	frame[1] |= maskedBit
	key := []byte{1, 2, 3, 4}
	raw := append(append(bytes.Clone(frame[:head]), key...), text...)
	for i := range text {
		raw[head+4+i] ^= key[i%4]
	}
	return raw
}

func TestSplitter(t *testing.T) {
	t.Parallel()
	texts := []string{"{}", strings.Repeat("a", 125), strings.Repeat("b", 126), strings.Repeat("c", 70_000), ""}
	for name, build := range map[string]func(string) []byte{"client": masked, "server": func(s string) []byte { return textFrame([]byte(s)) }} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			frames := make([][]byte, len(texts))
			for i, text := range texts {
				frames[i] = build(text)
			}
			all := bytes.Join(frames, nil)
			for _, size := range []int{1, 7, 1000, len(all)} {
				var (
					s    splitter
					got  []string
					back []byte
				)
				for rest := all; len(rest) > 0; rest = rest[min(size, len(rest)):] {
					for _, f := range s.feed(rest[:min(size, len(rest))]) {
						got, back = append(got, string(f.text)), append(back, f.raw...)
					}
				}
				if strings.Join(got, "|") != strings.Join(texts, "|") || !bytes.Equal(back, all) {
					t.Errorf("in pieces of %d bytes: %d frames, %d of %d bytes", size, len(got), len(back), len(all))
				}
			}
		})
	}
}

func TestSplitterPassesOnWhatItCannotRead(t *testing.T) {
	t.Parallel()
	endless := binary.BigEndian.AppendUint64([]byte{finalBit | textCode, 127}, 1<<62)
	for name, raw := range map[string][]byte{
		"close": closeFrame(), "binary": {0x82, 1, 'x'}, "part of a message": {0x01, 2, '{', '}'}, "compressed": {0xc1, 2, '{', '}'},
		"endless": endless,
	} {
		var s splitter
		frames := s.feed(raw)
		if len(frames) != 1 || frames[0].text != nil || !bytes.Equal(frames[0].raw, raw) || (frames[0].message() != message{}) {
			t.Errorf("%s: %+v", name, frames)
		}
		if more := s.feed([]byte{0x81}); (len(more) == 1) != (name == "endless") {
			t.Errorf("%s: and then %+v", name, more)
		}
	}
}

func FuzzSplitter(f *testing.F) {
	f.Add(masked(`{"msg":"method","id":"1","method":"login"}`), 3)
	f.Add(textFrame([]byte(`{"msg":"result","id":7}`)), 1)
	f.Add(closeFrame(), 2)
	f.Add([]byte{0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, 4)
	f.Fuzz(func(t *testing.T, raw []byte, size int) {
		var (
			s    splitter
			back []byte
		)
		size = max(1, size)
		for rest := raw; len(rest) > 0; rest = rest[min(size, len(rest)):] {
			for _, frame := range s.feed(rest[:min(size, len(rest))]) {
				_ = frame.message()
				back = append(back, frame.raw...)
			}
		}
		if !bytes.Equal(append(back, s.held...), raw) {
			t.Error("bytes were lost or made up")
		}
	})
}
