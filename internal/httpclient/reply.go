package httpclient

import (
	"net/http"
	"strings"
	"time"
)

// Reply is an HTTP reply that was read to its end.
type Reply struct {
	Status int
	Header http.Header
	Body   []byte
}

// IsJSON tells whether the reply says that it is JSON.
func (r *Reply) IsJSON() bool {
	media := r.mediaType()
	return media == "application/json" || strings.HasSuffix(media, "+json")
}

// IsHTML tells whether the reply says that it is a web page.
func (r *Reply) IsHTML() bool {
	media := r.mediaType()
	return media == "text/html" || media == "application/xhtml+xml"
}

func (r *Reply) mediaType() string {
	media, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	return strings.ToLower(strings.TrimSpace(media))
}

// RetryAt returns when the server wants to be asked again, or the zero time when it does not say: X-RateLimit-Reset (Unix
// time in milliseconds, as Rocket.Chat writes it), else Retry-After (seconds or an HTTP date).
func (r *Reply) RetryAt(now time.Time) time.Time {
	return retryAt(r.Header, now)
}
