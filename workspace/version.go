package workspace

import (
	"context"
	"strings"

	"github.com/hashicorp/go-version"
)

// Version returns the version of the workspace. It is asked once for a client and then remembered; callers at the same
// time share one request, and a failure is not remembered. Strangers learn major and minor only, from 4.3: see Info.Full.
// Errors: *Error.
func (c *Client) Version(ctx context.Context) (*version.Version, error) {
	v, failed := c.askedVersion(ctx)
	if failed != nil {
		return nil, failed
	}
	return v, nil
}

func (c *Client) askedVersion(ctx context.Context) (*version.Version, *Error) {
	if failed := c.usable(ctx, infoOperation()); failed != nil {
		return nil, failed
	}
	v, err := c.version.get(ctx, func(ctx context.Context) (*version.Version, error) {
		_, v, failed := c.askInfo(ctx)
		if failed != nil {
			return nil, failed
		}
		return v, nil
	})
	if err != nil {
		return nil, c.waited(infoOperation(), err)
	}
	return v, nil
}

// knownVersion returns the version for errors, or nothing when it was not asked yet.
func (c *Client) knownVersion() string {
	if v := c.version.peek(); v != nil {
		return v.Original()
	}
	return ""
}

// before reports whether the workspace is older than a version such as "4.8". A pre-release belongs to the version that it
// leads to. A workspace whose version is not known may be.
func (c *Client) before(text string) bool {
	v := c.version.peek()
	return v == nil || v.Core().LessThan(version.Must(version.NewVersion(text)))
}

// get reports whether the operation is a GET.
func (op operation) get() bool { return strings.HasPrefix(op.name, "GET ") }
