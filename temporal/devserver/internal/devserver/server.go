// Package devserver is a Temporal server in this process, for trying and testing: one file holds all that it knows, so that it goes on where it was.
//
//	server, err := devserver.Start(devserver.Config{Dir: "rcreg-dev", Address: devserver.DefaultAddress})
//	defer server.Stop()
//	c, err := client.Dial(client.Options{HostPort: server.Address()})
//
// It has no users and no TLS, and listens on this machine alone. Production needs a cluster, or Temporal Cloud.
package devserver

import (
	"errors"
	"fmt"
	"io"

	"go.temporal.io/server/common/authorization"
	"go.temporal.io/server/common/clock"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/log"
	"go.temporal.io/server/temporal"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/rcreg/registration/internal/safedir"
)

// DefaultAddress is where Temporal servers listen by custom.
const DefaultAddress = "127.0.0.1:7233"

// Namespace is the one that a server has.
const Namespace = "default"

const lockFile = "temporal.lock"

// Config tells how to start a server.
type Config struct {
	// Dir is the folder of the database, which is made when it is not there. It must not be readable by others: histories are encrypted, and hold names.
	Dir string
	// Address is where to listen: host and port. The port 0 takes a free one.
	Address string
	// Log is where the server writes what it does; nil for nowhere.
	Log io.Writer
	// Clock is what the server goes by; nil for the machine's. With another one, tests skip days.
	Clock clock.TimeSource
}

// Server is a server that runs.
type Server struct {
	server  temporal.Server
	lock    io.Closer
	address string
}

// ErrInUse means that a server works on that folder already.
var ErrInUse = errors.New("a server works on this folder already")

// ErrDamaged means that the database of the folder is none that a server can work with.
var ErrDamaged = errors.New("the database is damaged, or from another version: put the folder aside, and begin with a new one")

// ErrNotLoopback means that others could reach a server that has no users.
var ErrNotLoopback = errors.New("it has no users and no TLS, so that it listens on this machine alone: name 127.0.0.1 or localhost")

// Start starts a server, and goes on with what its folder knows. Errors: [ErrInUse], [ErrDamaged], [ErrNotLoopback], safedir.ErrReadableByOthers, and those of the file system and the
// network, such as for a port that is taken.
func Start(c Config) (*Server, error) {
	if err := safedir.Make(c.Dir); err != nil {
		return nil, fmt.Errorf("make the folder of the server: %w", err)
	}
	dir := safedir.NewPrivate(c.Dir)
	lock, err := dir.Lock(lockFile)
	if errors.Is(err, safedir.ErrLocked) {
		err = ErrInUse
	}
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", c.Dir, err)
	}
	s, err := c.start(dir)
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	s.lock = lock
	return s, nil
}

// start starts a server whose folder no other process works on.
func (c Config) start(dir *safedir.Dir) (*Server, error) {
	path, err := c.prepare(dir)
	if err != nil {
		return nil, err
	}
	addresses, err := listeners(c.Address)
	if err != nil {
		return nil, err
	}
	options := []temporal.ServerOption{
		temporal.WithConfig(settings(database(path), addresses)),
		temporal.WithStaticHosts(hosts(addresses)),
		temporal.WithDynamicConfigClient(c.tuning()),
		temporal.WithLogger(c.logger()),
		temporal.WithAuthorizer(authorization.NewNoopAuthorizer()),
		temporal.WithClaimMapper(func(*config.Config) authorization.ClaimMapper { return authorization.NewNoopClaimMapper() }),
	}
	server, err := c.newServer(options)
	if err != nil {
		return nil, fmt.Errorf("make the server: %w", err)
	}
	if err := server.Start(); err != nil {
		return nil, fmt.Errorf("start the server: %w", errors.Join(err, server.Stop()))
	}
	return &Server{server: server, address: hosts(addresses)["frontend"].Self}, nil
}

func (c Config) newServer(options []temporal.ServerOption) (temporal.Server, error) {
	if c.Clock == nil {
		return temporal.NewServer(append(options, temporal.ForServices(temporal.DefaultServices))...)
	}
	return newServerByClock(c.Clock, options)
}

func (c Config) logger() log.Logger {
	if c.Log == nil {
		return log.NewNoopLogger()
	}
	encoder := zapcore.NewConsoleEncoder(zap.NewProductionEncoderConfig())
	return log.NewZapLogger(zap.New(zapcore.NewCore(encoder, zapcore.AddSync(c.Log), zapcore.InfoLevel)))
}

// Address is where the server listens: host and port.
func (s *Server) Address() string { return s.address }

// Stop stops the server. What runs on it goes on when it is started again.
func (s *Server) Stop() error { return errors.Join(s.server.Stop(), s.lock.Close()) }
