package fault

import (
	"context"
	"io"
	"net/http"
	"strings"
)

// A flood sends this many heads of this many bytes, unless the client leaves.
const (
	floodHeads = 10_000
	floodBytes = 4 << 10
)

// switchProtocols takes the connection away from HTTP, and then keeps silent until the client leaves or the server is closed.
func switchProtocols(w http.ResponseWriter, r *http.Request) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer conn.Close()
	defer context.AfterFunc(serverOf(r.Context()), func() { _ = conn.Close() })()
	_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n")
	_, _ = io.Copy(io.Discard, conn) // ends when either side closes
}

// flood sends early hints until the client has enough.
func flood(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Link", "</"+strings.Repeat("a", floodBytes)+">")
	for range floodHeads {
		if r.Context().Err() != nil {
			break
		}
		w.WriteHeader(http.StatusEarlyHints)
	}
	hangUp(w)
}
