package httpclient

import "context"

// Observer is told of each exchange when it begins; what it returns is called when that has ended.
type Observer func(operation string) (end func())

type observerKey struct{}

// WithObserver returns a context whose exchanges an observer is told of.
func WithObserver(ctx context.Context, o Observer) context.Context {
	return context.WithValue(ctx, observerKey{}, o)
}

// observed tells the observer of a context, if there is one, that an exchange begins.
func observed(ctx context.Context, operation string) (end func()) {
	if o, ok := ctx.Value(observerKey{}).(Observer); ok {
		return o(operation)
	}
	return func() {}
}
