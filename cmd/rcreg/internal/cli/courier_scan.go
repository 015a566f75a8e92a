package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/rcreg/registration/offline"
)

// receiveRequests puts scanned requests into the exchange folder, and returns their ids.
func (a *app) receiveRequests(folder *offline.Folder, path string) (map[string]bool, error) {
	texts, err := a.scanned(path)
	if err != nil {
		return nil, err
	}
	for _, text := range texts {
		if _, err := offline.ParseRequest(text); err != nil {
			return nil, usage(fmt.Sprintf("what was scanned is no request: %v", err), "scan what rcreg offline request --qr shows")
		}
	}
	ids := make(map[string]bool, len(texts))
	for _, text := range texts {
		request, err := folder.Receive(text)
		if err != nil {
			return nil, err
		}
		ids[request.ID()] = true
	}
	return ids, nil
}

// answerParts adds the parts of the answers to a report: those to the requests that were scanned, or else all.
func (v courierView) answerParts(folder *offline.Folder, scanned map[string]bool) {
	for i, item := range v.Requests {
		if item.Error != "" && item.Outcome != string(offline.Answered) || scanned != nil && !scanned[item.Request] {
			continue
		}
		parts, err := answerParts(folder, item.Request)
		if err != nil && !errors.Is(err, offline.ErrNoAnswer) { // it may be picked up already
			v.Requests[i].Error = fmt.Sprintf("the answer cannot be shown: %v", err)
		}
		v.Requests[i].Parts = parts
	}
}

func answerParts(folder *offline.Folder, id string) ([]string, error) {
	request, err := folder.Request(id)
	if err != nil {
		return nil, err
	}
	answer, err := folder.Answer(request)
	if err != nil {
		return nil, err
	}
	return partsOf(answer)
}

// showAnswers shows the answers of a report as QR codes.
func (a *app) showAnswers(ctx context.Context, v courierView) error {
	for _, item := range v.Requests {
		if err := a.showCodes(ctx, "Answer to request "+item.Request+" of "+item.Workspace, item.Parts); err != nil {
			return err
		}
	}
	return nil
}
