package faults

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// elsewhere is the host that Redirect points at.
const elsewhere = "elsewhere.example.test"

// pageText is the web page that a captive portal answers.
const pageText = "<html><body><h1>It works!</h1></body></html>"

const (
	jsonType = "application/json"
	htmlType = "text/html; charset=utf-8"
)

// retryAfter is when a rate limit ends.
const retryAfter = 2 * time.Second

// reply is an HTTP reply as a whole.
type reply struct {
	status int
	header http.Header
	body   []byte
}

func newReply(status int, contentType, body string) reply {
	return reply{status, http.Header{"Content-Type": {contentType}}, []byte(body)}
}

// reply is what the fault answers, in the place of the real reply if the request was carried out.
func (f Fault) reply(s Step, query string, actual *reply, now time.Time) reply {
	answer := f.statusReply(s, query, now)
	switch f.Kind {
	case Page:
		answer = newReply(http.StatusOK, htmlType, pageText)
	case Empty:
		answer = newReply(http.StatusOK, jsonType, "")
	case Null:
		answer = newReply(http.StatusOK, jsonType, "null")
	case Object:
		answer = newReply(http.StatusOK, jsonType, "{}")
	case List:
		answer = newReply(http.StatusOK, jsonType, "[]")
	case Garbled:
		answer = newReply(http.StatusOK, jsonType, "\x1f\x8b\x08 garbled")
		answer.header.Set("Content-Encoding", "gzip")
	case Malformed:
		answer = newReply(http.StatusOK, jsonType, map[Side]string{Cloud: `{"workspaceId":`, Workspace: `{"success":true,`}[s.Side])
		if actual != nil && len(actual.body) > 1 {
			answer.body = actual.body[:len(actual.body)/2]
		}
	case WrongTypes:
		answer = newReply(usualStatus(s), jsonType, "")
		answer.body = wrongTypes(sampleReply(s.Side))
		if actual != nil {
			answer = reply{actual.status, actual.header, wrongTypes(actual.body)}
		}
	case Body:
		answer = newReply(usualStatus(s), jsonType, "")
	}
	if f.Body != "" {
		answer.body = []byte(f.Body)
	}
	return answer
}

// statusReply is the answer of a kind that is told by its status.
func (f Fault) statusReply(s Step, query string, now time.Time) reply {
	switch f.Kind {
	case BadRequest:
		return refusal(s.Side, http.StatusBadRequest, "invalid_request")
	case Unauthorized:
		return refusal(s.Side, http.StatusUnauthorized, "unauthorized")
	case InvalidClient:
		return refusal(s.Side, http.StatusBadRequest, "oauth_invalid_client_credentials")
	case HTML:
		return errorPage(http.StatusInternalServerError)
	case BadGateway:
		return errorPage(http.StatusBadGateway)
	case Unavailable:
		return errorPage(http.StatusServiceUnavailable)
	case Page400, Page403, Page404, Page408, Page413, Page499, GatewayTimeout, Text403, Empty403, Foreign403, Foreign404, Alike401, Alike403:
		return f.Kind.gateway()
	case TooMany:
		return tooMany(s.Side, now)
	case TooManyBare:
		return newReply(http.StatusTooManyRequests, "text/plain; charset=utf-8", http.StatusText(http.StatusTooManyRequests))
	case Redirect:
		answer := newReply(http.StatusTemporaryRedirect, htmlType, "")
		path, _ := url.PathUnescape(s.Path) // a request was made with it, so it can be read
		place := url.URL{Scheme: "https", Host: elsewhere, Path: path, RawPath: s.Path, RawQuery: query}
		answer.header.Set("Location", place.String())
		return answer
	}
	return refusal(s.Side, http.StatusInternalServerError, "internal_error")
}

// refusal is an error in the JSON of a side.
func refusal(side Side, status int, code string) reply {
	if side == Workspace {
		return newReply(status, jsonType, `{"success":false,"error":"`+code+`"}`)
	}
	return newReply(status, jsonType, `{"error":"`+code+`"}`)
}

// gateway is what something in front answers in the place of a side.
func (k Kind) gateway() reply {
	switch k {
	case Text403:
		return newReply(http.StatusForbidden, "text/plain; charset=utf-8", "RBAC: access denied")
	case Empty403:
		return reply{status: http.StatusForbidden, header: http.Header{}}
	case Foreign403:
		return newReply(http.StatusForbidden, jsonType, `{"message":"Forbidden"}`)
	case Foreign404:
		return newReply(http.StatusNotFound, jsonType, `{"message":"no Route matched with those values","request_id":"5d1f"}`)
	case Alike401:
		return newReply(http.StatusUnauthorized, jsonType, `{"status":"error","message":"You must be logged in to do this."}`)
	case Alike403:
		return newReply(http.StatusForbidden, jsonType, `{"success":false,"error":"Forbidden"}`)
	}
	status, _ := strconv.Atoi(strings.TrimPrefix(string(k), "html")) // the others are named after it
	return errorPage(status)
}

func errorPage(status int) reply {
	title := strconv.Itoa(status) + " " + http.StatusText(status)
	return newReply(status, htmlType, "<html><head><title>"+title+"</title></head><body><h1>"+title+"</h1></body></html>")
}

// tooMany is how a side says that its limit is exceeded, and when to come back: a workspace in milliseconds of Unix time
// and in a sentence, the Cloud in seconds from now.
func tooMany(side Side, now time.Time) reply {
	if side == Cloud {
		answer := refusal(side, http.StatusTooManyRequests, "too_many_requests")
		answer.header.Set("Retry-After", strconv.Itoa(int(retryAfter.Seconds())))
		return answer
	}
	answer := refusal(side, http.StatusTooManyRequests, "Error, too many requests. Please slow down. "+
		"You must wait 2 seconds before trying this endpoint again. [error-too-many-requests]")
	answer.header.Set("X-RateLimit-Limit", "10")
	answer.header.Set("X-RateLimit-Remaining", "0")
	answer.header.Set("X-RateLimit-Reset", strconv.FormatInt(now.Add(retryAfter).UnixMilli(), 10))
	return answer
}

// usualStatus is the status of a success.
func usualStatus(s Step) int {
	if s.Call == CallClients {
		return http.StatusCreated
	}
	return http.StatusOK
}
