// Package lifetime tells how long a fake server lives, which is longer than the context of a request: a server goes on with its
// work when its caller has left.
//
//	ctx, end := context.WithCancel(context.Background())
//	server := &http.Server{BaseContext: func(net.Listener) context.Context { return lifetime.With(ctx) }}
//	// a handler that has to finish what it began works with lifetime.Of(request.Context()), until end is called
package lifetime

import "context"

type key struct{}

// With marks a context as that of a server, which ends with the server. The contexts of its requests come from it.
func With(ctx context.Context) context.Context { return context.WithValue(ctx, key{}, ctx) }

// Of returns the context of the server that answers a request; without one, a context that does not end.
func Of(ctx context.Context) context.Context {
	if server, ok := ctx.Value(key{}).(context.Context); ok {
		return server
	}
	return context.WithoutCancel(ctx)
}
