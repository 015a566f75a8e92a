package httpclient

import (
	"fmt"
	"html"
	"net/http"
	"regexp"
	"strings"
	"time"
)

// Reply is an HTTP reply that was read to its end.
type Reply struct {
	Status int
	Header http.Header
	Body   []byte
	// Repeated reports whether Do had a reply before this one, such as a limit, and sent the request again.
	Repeated bool
}

// IsJSON reports whether the reply says that it is JSON.
func (r *Reply) IsJSON() bool {
	media := r.mediaType()
	return media == "application/json" || strings.HasSuffix(media, "+json")
}

// IsHTML reports whether the reply says that it is a web page.
func (r *Reply) IsHTML() bool {
	media := r.mediaType()
	return media == "text/html" || media == "application/xhtml+xml"
}

func (r *Reply) mediaType() string {
	media, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	return strings.ToLower(strings.TrimSpace(media))
}

// Describe says on one line what the reply is, so that the administrator can find who wrote it: its form, the title of a page, and its Server header.
func (r *Reply) Describe(sent []string) string {
	media := r.mediaType()
	text := "a reply of type " + media
	switch title := pageTitle.FindSubmatch(r.Body); {
	case len(r.Body) == 0:
		text = "an empty reply"
	case r.IsHTML() && title != nil:
		text = fmt.Sprintf("the web page %q", html.UnescapeString(Sentence(string(title[1]), sent)))
	case r.IsHTML():
		text = "a web page"
	case r.IsJSON():
		text = "JSON of another shape"
	case media == "":
		text = "a reply without a type"
	}
	if server := r.Header.Get("Server"); server != "" {
		text += " of " + server
	}
	return Sentence(text, sent)
}

// pageTitle finds the title of a web page. A number of repetitions would make it the most expensive part of a command's start.
var pageTitle = regexp.MustCompile(`(?i)<title[^>]*>([^<]*)`)

// RetryAt returns when the server wants to be asked again, or the zero time when it does not say: X-RateLimit-Reset (Unix
// time in milliseconds, as Rocket.Chat writes it), else Retry-After (seconds or an HTTP date).
func (r *Reply) RetryAt(now time.Time) time.Time {
	return retryAt(r.Header, now)
}
