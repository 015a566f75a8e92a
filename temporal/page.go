package temporal

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	sdk "go.temporal.io/sdk/temporal"

	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/fleet"
)

// pageRequest asks for a part of a list. The first one has no digest.
type pageRequest struct {
	List   string            `json:"list"`
	Digest string            `json:"digest,omitempty"`
	Labels map[string]string `json:"labels,omitempty"`
	From   int               `json:"from"`
	Size   int               `json:"size"`
}

// page is a part of a list.
type page struct {
	Digest     string            `json:"digest"`
	Total      int               `json:"total"`
	Workspaces []fleet.Workspace `json:"workspaces"`
}

// pages keeps the list that was read last: that of a large fleet takes seconds to validate, and has hundreds of pages.
type pages struct {
	mu     sync.Mutex
	path   string
	digest string
	list   fleet.List
}

// page reads a part of a list that is on the worker. A list that was changed since the first page is refused for good; one that is not there may come.
func (a *Activities) page(_ context.Context, in pageRequest) (page, error) {
	list, digest, err := a.pages.load(in.List)
	var invalid *fleet.ListError
	switch {
	case errors.As(err, &invalid):
		return page{}, finalPage("the list is not valid", err)
	case err != nil:
		return page{}, err
	case in.Digest != "" && in.Digest != digest:
		return page{}, finalPage("the list is another one than this fleet began with: put that one back, or begin again", nil)
	}
	chosen := list.Select(in.Labels).Workspaces
	from := min(in.From, len(chosen))
	return page{Digest: digest, Total: len(chosen), Workspaces: chosen[from:min(from+in.Size, len(chosen))]}, nil
}

func finalPage(message string, cause error) error {
	if cause != nil {
		message += ": " + cause.Error()
	}
	return sdk.NewNonRetryableApplicationError(message, failure.InvalidInput.Name(), cause)
}

// load returns the list of a path, as it is now.
func (p *pages) load(path string) (fleet.List, string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	text, err := os.ReadFile(path) //nolint:gosec // whoever starts a fleet names the file, and nothing of what is no list is told
	if err != nil {
		return fleet.List{}, "", fmt.Errorf("read the list: %w", err)
	}
	sum := sha256.Sum256(text)
	digest := hex.EncodeToString(sum[:])
	if p.path != path || p.digest != digest {
		list, err := fleet.Parse(text, filepath.Dir(path))
		if err != nil {
			return fleet.List{}, "", err
		}
		p.path, p.digest, p.list = path, digest, list
	}
	return p.list, p.digest, nil
}
