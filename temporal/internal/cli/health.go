package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"go.temporal.io/sdk/client"
)

// healthTimeout is how long a server may take to say that it is there: less than the probes of Kubernetes wait by default would be too little, and more
// only tells them the same.
const healthTimeout = 900 * time.Millisecond

// serveHealth serves the health of a worker, where an address is given, and tells where it listens.
func (a *app) serveHealth(ctx context.Context, address string, c client.Client) (string, error) {
	if address == "" {
		return "", nil
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return "", usage(fmt.Sprintf("--health-address cannot be listened on: %v", err), "pass an address of this machine with a port that is free, such as --health-address :8080")
	}
	server := &http.Server{Handler: healthHandler(ctx.Done(), c), ReadHeaderTimeout: 5 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	a.atEnd = append(a.atEnd, func(context.Context) error {
		if err := errors.Join(server.Close(), <-ended); !errors.Is(err, http.ErrServerClosed) {
			a.logger(slog.LevelWarn).Warn("the health of the worker was not served to the end", "error", err)
		}
		return nil
	})
	return listener.Addr().String(), nil
}

// healthHandler answers /healthz while the worker runs, and /readyz while it takes work and the server answers: a worker that is ending takes none, and starting it
// anew does not bring a server back.
func healthHandler(ending <-chan struct{}, c client.Client) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-ending:
			http.Error(w, "the worker is ending", http.StatusServiceUnavailable)
			return
		default:
		}
		ctx, cancel := context.WithTimeout(r.Context(), healthTimeout)
		defer cancel()
		if _, err := c.CheckHealth(ctx, &client.CheckHealthRequest{}); err != nil {
			http.Error(w, "the Temporal server does not answer", http.StatusServiceUnavailable)
			return
		}
		_, _ = w.Write([]byte("ok\n"))
	})
	return mux
}
