package offline

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"

	"github.com/rcreg/registration/internal/document"
)

// Answer looks for the answer to a request: first a courier's file, then what a person saved, then what was received before. It opens and checks the
// answer, and keeps it in the state folder until [Requester.Close]. Errors: [ErrNoAnswer] while there is none, also when the exchange folder is not there;
// [ErrUnknownRequest] and [ErrClosed]; [ErrStateDamaged]; and the reasons to refuse an answer, from [ErrTruncated] to [ErrUnusable]. A refused file stays where it is.
func (r *Requester) Answer(id string) (Answer, error) {
	r = r.orEmpty()
	const op = "read the answer"
	p, err := r.State.pending(id)
	if err != nil {
		return Answer{}, failed(op, id, err)
	}
	answer, err := r.fromFolder(p)
	if err == nil {
		return answer, nil
	}
	// What was received before is as good as a file that is gone, or was damaged since.
	if kept, _, keptErr := r.kept(p); keptErr == nil {
		return kept, nil
	}
	return Answer{}, failed(op, id, err)
}

// AnswerText takes the answer as a text, for what came through a scanner or a terminal: a courier's file, the code from the Cloud console, or a license.
// Otherwise it does what [Requester.Answer] does.
func (r *Requester) AnswerText(id string, text []byte) (Answer, error) {
	r = r.orEmpty()
	const op = "read the answer"
	p, err := r.State.pending(id)
	if err != nil {
		return Answer{}, failed(op, id, err)
	}
	answer, err := r.receive(p, text)
	return answer, failed(op, id, err)
}

// fromFolder reads the answer in the exchange folder.
func (r *Requester) fromFolder(p pending) (Answer, error) {
	var refusals []error
	for _, suffix := range []string{document.Suffix, textSuffix} {
		text, err := r.Folder.read(answersFolder, p.request.ID(), suffix)
		if errors.Is(err, ErrFolderMissing) {
			return Answer{}, fmt.Errorf("%w: %w", ErrNoAnswer, err)
		}
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		var answer Answer
		if err == nil {
			answer, err = r.receive(p, text)
		}
		if err == nil {
			return answer, nil
		}
		refusals = append(refusals, fmt.Errorf("%s: %w", fileOf(answersFolder, p.request.ID(), suffix), err))
	}
	if len(refusals) > 0 {
		return Answer{}, errors.Join(refusals...)
	}
	return Answer{}, ErrNoAnswer
}

// receive reads, checks and keeps an answer.
func (r *Requester) receive(p pending, text []byte) (Answer, error) {
	doc := text
	if !isDocument(text) {
		read, err := readPasted(text, p.request)
		if err != nil {
			return Answer{}, err
		}
		if doc, err = sealAnswer(p.request, read, r.now()); err != nil {
			return Answer{}, err
		}
	}
	answer, err := r.open(p, doc)
	if err != nil {
		return Answer{}, err
	}
	if kept, _ := r.State.received(p.request.ID()); bytes.Equal(kept, doc) {
		return answer, nil
	}
	if err := r.State.keepReceived(p.request.ID(), doc); err != nil {
		return Answer{}, fmt.Errorf("the answer cannot be kept: %w", err)
	}
	return answer, nil
}

// isDocument tells a courier's file from what a person saved.
func isDocument(text []byte) bool {
	return bytes.HasPrefix(bytes.TrimSpace(bytes.TrimPrefix(text, []byte(document.ByteOrderMark))), []byte("{"))
}

// open checks that an answer is for a request and was not used, and opens it.
func (r *Requester) open(p pending, doc []byte) (Answer, error) {
	content, err := parseAnswer(doc)
	if err != nil {
		return Answer{}, err
	}
	if err := r.State.refuseUsed(content.Request); err != nil {
		return Answer{}, err
	}
	if err := content.isFor(p.request); err != nil {
		return Answer{}, err
	}
	answer, err := content.open(p.request, p.identity)
	if err != nil {
		return Answer{}, err
	}
	if err := r.State.refuseUsed(grantDigest(answer.grant)); err != nil { // no license is noted: it may serve twice
		return Answer{}, err
	}
	return answer, nil
}

// kept reads the answer that was received before, and returns its file as well.
func (r *Requester) kept(p pending) (Answer, []byte, error) {
	doc, err := r.State.received(p.request.ID())
	if errors.Is(err, fs.ErrNotExist) {
		return Answer{}, nil, ErrNoAnswer
	}
	if err != nil {
		return Answer{}, nil, err
	}
	content, err := parseAnswer(doc)
	if err == nil {
		err = content.isFor(p.request)
	}
	if err != nil {
		return Answer{}, nil, err
	}
	answer, err := content.open(p.request, p.identity)
	return answer, doc, err
}
