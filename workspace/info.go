package workspace

import (
	"context"
	"net/http"
	"strings"

	"github.com/hashicorp/go-version"

	"github.com/rcreg/registration/internal/httpclient"
)

// Info is what GET /api/info says.
type Info struct {
	// Version is the version of the server, such as "6.4.2", or "6.4" for callers who may not know more.
	Version string
	// Full reports whether Version has more than major and minor.
	Full bool
	// SupportedVersions is the signed list of supported versions (a JWT), from 6.5; else empty.
	SupportedVersions string
	// WorkspaceURL is the address of the workspace as it knows it, without the scheme, from 8.6; else empty.
	WorkspaceURL string
	// HashedWorkspaceURL is the SHA-256 of WorkspaceURL, from 8.6; else empty.
	HashedWorkspaceURL string
	// CloudWorkspaceID is the id of the workspace at Rocket.Chat Cloud, from 6.13; else empty.
	CloudWorkspaceID string
	// MinimumDesktop and MinimumMobile are the oldest clients that the server accepts, from 6.5; else empty.
	MinimumDesktop, MinimumMobile string
}

func infoOperation() operation {
	return operation{name: "GET /api/info", protocol: ProtocolREST, effect: httpclient.Read}
}

// Info asks GET /api/info, which every version answers, and anybody. It never logs in, but uses a login that there is:
// administrators learn the full version. Errors: *Error, of kind ErrNotRocketChat when something else answers.
func (c *Client) Info(ctx context.Context) (Info, error) {
	info, _, failed := c.askInfo(ctx)
	if failed != nil {
		return Info{}, failed
	}
	return info, nil
}

// askInfo returns the version of the Info as it was read, too.
func (c *Client) askInfo(ctx context.Context) (info Info, v *version.Version, failed *Error) {
	if failed := c.usable(ctx, infoOperation()); failed != nil {
		return Info{}, nil, failed
	}
	who := caller{session: c.fixed}
	if who.session == nil {
		who.session = c.session.peek()
	}
	if who.session != nil {
		who.header = who.session.header
	} else {
		who.header = anonymous()
	}
	try := func(who caller) (failed *Error) {
		request := &httpclient.Request{Verb: http.MethodGet, URL: c.address.URL("api", "info")}
		reply, failed := c.send(ctx, infoOperation(), who, request)
		if failed == nil {
			info, v, failed = c.readInfo(reply)
		}
		return failed
	}
	failed = c.repeat(ctx, infoOperation(), who, try(who), try)
	return info, v, failed
}

// infoBody has the fields of all versions: version alone for strangers, info.version alone for administrators up to 6.4,
// both from 6.5.
type infoBody struct {
	Version string `json:"version"`
	Info    struct {
		Version string `json:"version"`
	} `json:"info"`
	SupportedVersions struct {
		Signed string `json:"signed"`
	} `json:"supportedVersions"`
	MinimumClientVersions struct {
		Desktop string `json:"desktop"`
		Mobile  string `json:"mobile"`
	} `json:"minimumClientVersions"`
	WorkspaceURL       string `json:"workspaceUrl"`
	HashedWorkspaceURL string `json:"hashedWorkspaceUrl"`
	CloudWorkspaceID   string `json:"cloudWorkspaceId"`
}

// maxVersion is how long a version may be, in bytes: it is part of every error.
const maxVersion = 64

// readVersion reads a version. It returns nil for what is none, also when it was sent in the guise of a pre-release.
func (c *Client) readVersion(op operation, text string) *version.Version {
	if len(text) > maxVersion || strings.Trim(text, "0123456789.") != "" && httpclient.Sentence(text, c.secrets(op)) != text {
		return nil
	}
	v, _ := version.NewVersion(text) // nil with an error
	return v
}

func (c *Client) readInfo(reply *httpclient.Reply) (Info, *version.Version, *Error) {
	op := infoOperation()
	// Some fronts take its type away, and leave it as it is.
	if reply.Status != http.StatusOK || !reply.IsJSON() && (reply.IsHTML() || !looksLikeObject(reply.Body)) {
		failed := c.readReply(op, reply, nil)
		if failed == nil || failed.is(ErrNoSuchCall) {
			// Every version has this endpoint.
			failed = c.stranger(op, reply, "there is no /api/info: "+reply.Describe(c.secrets(op)))
		}
		failed.instead = c.address.BeforePage()
		return Info{}, nil, failed
	}
	var body infoBody
	if err := lenient(reply.Body, &body); err != nil {
		return Info{}, nil, c.unreadable(op, reply, err)
	}
	text := body.Info.Version
	if text == "" {
		text = body.Version
	}
	v := c.readVersion(op, text)
	if v == nil {
		return Info{}, nil, c.stranger(op, reply, "/api/info names no version")
	}
	core, _, _ := strings.Cut(text, "-")
	return Info{
		Version:            text,
		Full:               strings.Count(core, ".") >= 2,
		SupportedVersions:  body.SupportedVersions.Signed,
		WorkspaceURL:       body.WorkspaceURL,
		HashedWorkspaceURL: body.HashedWorkspaceURL,
		CloudWorkspaceID:   body.CloudWorkspaceID,
		MinimumDesktop:     body.MinimumClientVersions.Desktop,
		MinimumMobile:      body.MinimumClientVersions.Mobile,
	}, v, nil
}
