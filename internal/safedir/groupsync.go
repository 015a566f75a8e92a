package safedir

import "sync"

// GroupSync lets writes to a file that come at the same time share an fsync, without a goroutine of its own: who comes first syncs for all. The zero value is
// ready.
type GroupSync struct {
	mu     sync.Mutex
	synced int
}

// UpTo makes the writes up to a number last, counted from 1. It asks written how many there are by now, or why nothing can be written any more, and calls
// fsync unless another one has done so since.
func (g *GroupSync) UpTo(number int, written func() (int, error), fsync func() error) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.synced >= number {
		return nil
	}
	n, err := written()
	if err != nil {
		return err
	}
	if err := fsync(); err != nil {
		return err
	}
	g.synced = n
	return nil
}
