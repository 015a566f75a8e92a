package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"syscall"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/command"
	"github.com/rcreg/registration/internal/screen"
	"github.com/rcreg/registration/internal/secret"
	"github.com/rcreg/registration/watch"
)

// runWatch watches until ctx is done: being interrupted is how it ends well. All that can be wrong with files and flags is found before anything is sent.
func (a *app) runWatch(ctx context.Context, f *watchFlags) (err error) {
	list, err := f.load()
	if err != nil {
		return err
	}
	options, done, err := f.options(a, list)
	if err != nil {
		return err
	}
	defer done()
	hook, err := f.webhook()
	if err != nil {
		return err
	}
	defer hook.CloseIdleConnections()
	options = append(options, watch.WithTeller(a.teller(hook)))
	memory, err := f.openMemory()
	if err != nil {
		return err
	}
	if memory != nil {
		defer func() { err = errors.Join(err, memory.Close()) }()
		options = append(options, watch.WithMemory(memory))
	}
	w, err := watch.New(list, options...)
	if err != nil {
		return usage(fmt.Sprintf("nothing can be watched: %s", summary(err)), "correct the flags")
	}
	listener, err := f.listener(ctx)
	if err != nil {
		return err
	}
	v := watchView{Workspaces: len(list.Workspaces), Interval: int(f.interval / time.Second)}
	if listener != nil {
		v.Address = "http://" + listener.Addr().String()
		defer serve(listener, w.Handler())() //nolint:contextcheck // what is being answered at the end has a time of its own
	}
	if err := a.show(v); err != nil {
		return err
	}
	return w.Run(ctx)
}

// webhook makes the webhook; nil where there is none.
func (f *watchFlags) webhook() (*watch.Webhook, error) {
	if f.webhookFile == "" {
		return nil, nil //nolint:nilnil // a watch without a webhook
	}
	source, text, err := secretFile("webhook-file", f.webhookFile)
	if err != nil {
		return nil, err
	}
	if text, err = tokenText(source, text); err != nil {
		return nil, err
	}
	hook, err := watch.NewWebhook(secret.New(text))
	if err != nil {
		return nil, usage(source+" holds no http or https address", "put the address of the webhook there, as Rocket.Chat shows it, on one line")
	}
	return hook, nil
}

// openMemory opens the state file; nil where there is none.
func (f *watchFlags) openMemory() (*watch.Memory, error) {
	if f.stateFile == "" {
		return nil, nil //nolint:nilnil // a watch without a memory
	}
	memory, err := watch.OpenMemory(f.stateFile)
	if err != nil && !errors.Is(err, registration.ErrInvalidInput) {
		return nil, usage(fmt.Sprintf("the file of --state-file cannot be used: %v", err), "name a file in a folder that is there and yours, which no other rcreg watch uses")
	}
	return memory, err
}

// listener opens the address of the page; nil where there is none.
func (f *watchFlags) listener(ctx context.Context) (net.Listener, error) {
	if f.listen == "" {
		return nil, nil //nolint:nilnil // a watch that serves nothing
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", f.listen)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, &advisedError{err, "pass another port with --listen; port 0 takes a free one"}
	case err != nil:
		return nil, usage(fmt.Sprintf("--listen: %v", err), "pass an address of this machine, such as --listen 127.0.0.1:9477")
	}
	return listener, nil
}

// serve answers until the function that it returns is called, which gives what is being answered a moment.
func serve(listener net.Listener, handler http.Handler) (end func()) {
	const head, request, reply, idle, parting, longestHead = 5 * time.Second, 10 * time.Second, time.Minute, time.Minute, 5 * time.Second, 16 << 10
	server := &http.Server{Handler: handler, ReadHeaderTimeout: head, ReadTimeout: request, WriteTimeout: reply, IdleTimeout: idle, MaxHeaderBytes: longestHead}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = server.Serve(listener) // it ends when it is shut down
	}()
	return func() {
		ctx, cancel := context.WithTimeout(context.Background(), parting)
		defer cancel()
		if server.Shutdown(ctx) != nil {
			_ = server.Close()
		}
		<-ended
	}
}

// teller tells the webhook, where there is one, and prints what was told.
func (a *app) teller(hook *watch.Webhook) func(context.Context, []watch.Event) error {
	return func(ctx context.Context, events []watch.Event) error {
		if hook != nil {
			if err := hook.Tell(ctx, events); err != nil {
				a.Say(func(out io.Writer, s style) {
					command.Failed(out, s, err.Error(), "see that the webhook is there; what is told comes again by itself")
				})
				return err
			}
		}
		for _, e := range events {
			_ = a.show(eventView{e}) // that stdout cannot be written is told in the end
		}
		return nil
	}
}

// nameOf is what a workspace is called that stands in no list: its host, and its path where it has one.
func nameOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.Host + u.Path
}

// watchView is what is printed first.
type watchView struct {
	Address    string `json:"address,omitempty"`
	Workspaces int    `json:"workspaces"`
	Interval   int    `json:"interval_seconds"`
}

func (v watchView) text(out io.Writer, s style) {
	screen.Printf(out, "Watching %d workspace(s), each every %s\n", v.Workspaces, time.Duration(v.Interval)*time.Second)
	if v.Address != "" {
		screen.Printf(out, "%s/ for people, %s/status, %s/healthz\n", s.Strong(v.Address), v.Address, v.Address)
	}
	_, _ = fmt.Fprintln(out, "Ctrl-C ends it.")
}

// eventView is one event on a line.
type eventView struct{ watch.Event }

func (v eventView) text(out io.Writer, s style) {
	at := v.At.UTC().Format(time.RFC3339)
	if v.Mended {
		screen.Printf(out, "%s %s %s\n", at, s.Good("mended"), v.Event)
		return
	}
	screen.Printf(out, "%s %s  %s\n", at, s.Bad("worse"), v.Event)
}
