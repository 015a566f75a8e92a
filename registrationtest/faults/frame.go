package faults

import (
	"encoding/binary"
	"encoding/json"
)

// maxFrame is the longest frame of a WebSocket that is looked at, in bytes. After a longer one nothing is.
const maxFrame = 16 << 20

// Bits and codes of a frame (RFC 6455, section 5.2).
const (
	finalBit  = 0x80
	textCode  = 0x01
	closeCode = 0x08
	maskedBit = 0x80
	goingAway = 1001
)

// frame is one frame of a WebSocket.
type frame struct {
	raw  []byte
	text []byte // nil unless it is a whole text message
}

// splitter cuts one direction of a WebSocket into frames.
type splitter struct {
	held  []byte // the beginning of a frame
	blind bool
}

// feed returns the frames that are complete with the next bytes.
func (s *splitter) feed(bytes []byte) []frame {
	s.held = append(s.held, bytes...)
	var frames []frame
	for len(s.held) > 0 {
		whole, text := s.first()
		if whole == 0 {
			break
		}
		frames = append(frames, frame{raw: s.held[:whole:whole], text: text})
		s.held = s.held[whole:]
	}
	return frames
}

// first returns the length of the first frame and its text, or 0 when it is not complete.
func (s *splitter) first() (whole int, text []byte) {
	if s.blind {
		return len(s.held), nil
	}
	head, payload, ok := s.lengths()
	switch {
	case !ok:
		return 0, nil
	case payload > maxFrame:
		s.blind = true
		return len(s.held), nil
	case len(s.held) < head+payload:
		return 0, nil
	}
	whole = head + payload
	if s.held[0] != finalBit|textCode {
		return whole, nil
	}
	text = append([]byte{}, s.held[head:whole]...)
	if s.held[1]&maskedBit != 0 {
		for i := range text {
			text[i] ^= s.held[head-4+i%4]
		}
	}
	return whole, text
}

// lengths returns the lengths of the head and the payload of the first frame, as far as they have come.
func (s *splitter) lengths() (head, payload int, ok bool) {
	if len(s.held) < 2 {
		return 0, 0, false
	}
	head, payload = 2, int(s.held[1]&^maskedBit)
	switch payload {
	case 126:
		head = 4
	case 127:
		head = 10
	}
	if len(s.held) < head {
		return 0, 0, false
	}
	switch head {
	case 4:
		payload = int(binary.BigEndian.Uint16(s.held[2:]))
	case 10:
		payload = int(min(binary.BigEndian.Uint64(s.held[2:]), maxFrame+1))
	}
	if s.held[1]&maskedBit != 0 {
		head += 4
	}
	return head, payload, true
}

// textFrame is a text message of a server.
func textFrame(text []byte) []byte {
	raw := []byte{finalBit | textCode}
	switch n := len(text); {
	case n < 126:
		raw = append(raw, byte(n))
	case n < 1<<16:
		raw = binary.BigEndian.AppendUint16(append(raw, 126), uint16(n))
	default:
		raw = binary.BigEndian.AppendUint64(append(raw, 127), uint64(n))
	}
	return append(raw, text...)
}

// closeFrame is a server's goodbye.
func closeFrame() []byte {
	return binary.BigEndian.AppendUint16([]byte{finalBit | closeCode, 2}, goingAway)
}

// message is what is looked at in a message of DDP.
type message struct {
	Msg    string `json:"msg"`
	ID     string `json:"id"`
	Method Call   `json:"method"`
}

func (f frame) message() message {
	var m message
	if f.text != nil {
		_ = json.Unmarshal(f.text, &m) // what is no message is none of ours
	}
	return m
}
