package httpclient

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxMoment is the end of the year 9999 in milliseconds: no format has a text for what comes later, JSON among them.
const maxMoment = 253402300800000

// retryAt reads when a server wants to be asked again. A header that makes no sense is as good as none.
func retryAt(header http.Header, now time.Time) time.Time {
	if text := strings.TrimSpace(header.Get("X-RateLimit-Reset")); text != "" {
		if ms, err := strconv.ParseInt(text, 10, 64); err == nil && ms > 0 && ms < maxMoment {
			return time.UnixMilli(ms)
		}
	}
	text := strings.TrimSpace(header.Get("Retry-After"))
	if text == "" {
		return time.Time{}
	}
	if seconds, err := strconv.ParseInt(text, 10, 32); err == nil {
		if seconds < 0 {
			return time.Time{}
		}
		return now.Add(time.Duration(seconds) * time.Second)
	}
	if at, err := http.ParseTime(text); err == nil {
		return at
	}
	return time.Time{}
}
