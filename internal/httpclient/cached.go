package httpclient

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// CachedError means that the reply is one of a cache on the way, so that it shows what was, and not what is.
type CachedError struct {
	Status int
	// Mark is the header that says so, such as "Age: 40".
	Mark string
}

func (e *CachedError) Error() string {
	return fmt.Sprintf("the reply comes from a cache on the way (%s), and may be old", e.Mark)
}

// askFresh asks caches on the way to pass a request on.
func (c *Client) askFresh(header http.Header) {
	header["Cache-Control"], header["Pragma"] = c.noCache, c.noCache
}

// cachedOf returns a *CachedError for a reply whose head says that it comes from a cache, else nil. The page of a web server says more about what is wrong.
func cachedOf(reply *Reply) error {
	if reply.IsHTML() {
		return nil
	}
	mark := ""
	for name, values := range reply.Header {
		for _, value := range values {
			if isCacheMark(name, value) && (mark == "" || name < mark) { // always the same one
				mark = name + ": " + Sentence(value, nil)
			}
		}
	}
	if mark == "" {
		return nil
	}
	return &CachedError{Status: reply.Status, Mark: mark}
}

// isCacheMark reports whether a header says that a reply was in a cache: an Age (Varnish says 0 for what has just been fetched), a number of hits, or a hit in
// one of the many headers that are named after caches.
func isCacheMark(name, value string) bool {
	switch name {
	case "Age", "X-Cache-Hits":
		return isAboveZero(value)
	case "Cache-Control", "X-Cache-Lookup", "X-Cache-Key": // a lookup may find what is not used then
		return false
	}
	const cache = "cache"
	if !strings.Contains(name, "Cache") && !strings.Contains(strings.ToLower(name), cache) {
		return false
	}
	for entry := range strings.SplitSeq(value, ",") { // of one cache each
		said, parameters, _ := strings.Cut(entry, ";")
		said, _, _ = strings.Cut(strings.ToLower(said), " from ") // behind it is the name of a host
		if saysHit(said) || isHitOfRFC9211(parameters) {
			return true
		}
	}
	return false
}

// saysHit reports whether the words of a cache mean that it had the reply: HIT, TCP_MEM_HIT, RefreshHit, STALE, UPDATING, REVALIDATED.
func saysHit(words string) bool {
	for word := range strings.FieldsFuncSeq(words, func(r rune) bool { return r < 'a' || r > 'z' }) {
		if strings.HasSuffix(word, "hit") || word == "stale" || word == "updating" || word == "revalidated" {
			return true
		}
	}
	return false
}

// isHitOfRFC9211 reads the parameters of one cache in Cache-Status: "hit; ttl=376".
func isHitOfRFC9211(parameters string) bool {
	for parameter := range strings.SplitSeq(parameters, ";") {
		if parameter = strings.ToLower(strings.TrimSpace(parameter)); parameter == "hit" || parameter == "hit=?1" {
			return true
		}
	}
	return false
}

// isAboveZero reports whether one of the numbers in a list is above zero.
func isAboveZero(list string) bool {
	for text := range strings.SplitSeq(list, ",") {
		if number, err := strconv.ParseFloat(strings.TrimSpace(text), 64); err == nil && number > 0 {
			return true
		}
	}
	return false
}
