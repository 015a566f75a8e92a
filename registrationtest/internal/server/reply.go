package server

import (
	"encoding/json"
	"net/http"
	"strings"
)

// reply is one HTTP answer.
type reply struct {
	status int
	header map[string]string
	body   []byte
}

func (r reply) with(name, value string) reply {
	header := make(map[string]string, len(r.header)+1)
	for k, v := range r.header {
		header[k] = v
	}
	header[name] = value
	r.header = header
	return r
}

func (r reply) withAll(header map[string]string) reply {
	for name, value := range header {
		r = r.with(name, value)
	}
	return r
}

func (r reply) write(w http.ResponseWriter) {
	for name, value := range r.header {
		w.Header().Set(name, value)
	}
	if r.header["Content-Type"] == "" {
		w.Header()["Content-Type"] = nil // no guess from net/http
	}
	w.WriteHeader(r.status)
	_, _ = w.Write(r.body) // a caller who has left needs no answer
}

// jsonReply encodes the way JSON.stringify does: no escapes for HTML, times as ISO texts.
func jsonReply(status int, body any) reply {
	text, err := encodeJSON(isoTimes(body))
	if err != nil {
		status, text = http.StatusInternalServerError, []byte("{}")
	}
	return reply{status: status, header: map[string]string{"Content-Type": "application/json"}, body: text}
}

func encodeJSON(value any) ([]byte, error) {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	return []byte(strings.TrimSuffix(b.String(), "\n")), nil
}

// webClient is the page of the web client, which the server shows wherever it knows nothing better.
func webClient() reply {
	return reply{
		status: http.StatusOK,
		header: map[string]string{"Content-Type": "text/html; charset=utf-8"},
		body: []byte("<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n<title>Rocket.Chat</title>\n</head>\n" +
			"<body>\n<script>__meteor_runtime_config__ = {};</script>\n<div id=\"react-root\"></div>\n</body>\n</html>\n"),
	}
}

func notFound() reply { return textReply(http.StatusNotFound, "404 Not Found") }

func textReply(status int, text string) reply {
	return reply{status: status, header: map[string]string{"Content-Type": "text/plain; charset=UTF-8"}, body: []byte(text)}
}

// errorPage is what the body parser of the old web layer answers.
func errorPage(status int) reply {
	return reply{
		status: status,
		header: map[string]string{"Content-Type": "text/html; charset=utf-8"},
		body: []byte("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Error</title>\n</head>\n" +
			"<body>\n<pre>" + http.StatusText(status) + "</pre>\n</body>\n</html>\n"),
	}
}
