package inprocess_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"
)

// Both ends may speak first, and what one has written before it leaves is read by the other.
func TestSwitchesProtocols(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		heard := make(chan string, 1)
		transport := transportTo(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusSwitchingProtocols)
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			if _, err := w.Write([]byte("late")); !errors.Is(err, http.ErrHijacked) {
				t.Errorf("an answer beside the connection: %v", err)
			}
			_, _ = io.WriteString(conn, "from the server")
			text := make([]byte, 32)
			n, _ := conn.Read(text)
			heard <- string(text[:n])
			_ = conn.Close()
		})
		response, err := transport.RoundTrip(httptest.NewRequest(http.MethodGet, address, http.NoBody))
		if err != nil || response.StatusCode != http.StatusSwitchingProtocols {
			t.Fatal(response, err)
		}
		socket, ok := response.Body.(io.ReadWriteCloser)
		if !ok {
			t.Fatalf("the body is a %T", response.Body)
		}
		if _, err := io.WriteString(socket, "from the client"); err != nil {
			t.Error(err)
		}
		if got := <-heard; got != "from the client" {
			t.Errorf("the server heard %q", got)
		}
		synctest.Wait()
		if got, err := io.ReadAll(socket); err != nil || string(got) != "from the server" {
			t.Errorf("the client heard %q: %v", got, err)
		}
		if _, err := io.WriteString(socket, "anybody?"); !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("a write to nobody: %v", err)
		}
		if deadline, ok := socket.(interface{ SetDeadline(at time.Time) error }); !ok || !errors.Is(deadline.SetDeadline(time.Now()), errors.ErrUnsupported) {
			t.Error("a deadline is taken, and not kept")
		}
	})
}

// An end that is closed wakes its own reader.
func TestClosesASocketThatIsRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		transport := transportTo(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusSwitchingProtocols)
			conn, _, _ := http.NewResponseController(w).Hijack()
			_, _ = conn.Read(make([]byte, 1)) // until the client leaves
		})
		response, err := transport.RoundTrip(httptest.NewRequest(http.MethodGet, address, http.NoBody))
		if err != nil {
			t.Fatal(err)
		}
		read := make(chan error)
		go func() {
			_, err := response.Body.Read(make([]byte, 1))
			read <- err
		}()
		synctest.Wait()
		_ = response.Body.Close()
		if err := <-read; err == nil || errors.Is(err, io.EOF) {
			t.Errorf("%v", err)
		}
	})
}

// A connection that is taken over when the caller has left ends at once.
func TestClosesASocketOfNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ended := make(chan error, 1)
		transport := transportTo(t, func(w http.ResponseWriter, r *http.Request) {
			<-r.Context().Done()
			w.WriteHeader(http.StatusSwitchingProtocols)
			conn, _, _ := http.NewResponseController(w).Hijack()
			_, err := conn.Read(make([]byte, 1))
			ended <- err
		})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := transport.RoundTrip(httptest.NewRequest(http.MethodGet, address, http.NoBody).WithContext(ctx)); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v", err)
		}
		if err := <-ended; !errors.Is(err, io.EOF) {
			t.Errorf("%v", err)
		}
	})
}
