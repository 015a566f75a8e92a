package cli

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"path/filepath"
	"strings"
	"syscall"

	"go.temporal.io/sdk/client"

	"github.com/rcreg/registration/internal/command"
	"github.com/rcreg/registration/internal/safedir"
	"github.com/rcreg/registration/internal/shell"
	"github.com/rcreg/registration/temporal"
)

// What is in the folder of an embedded server. The database is the server's.
const (
	devKeyFile     = "key"
	devAddressFile = "address"
	devLockFile    = "worker.lock"
	devDatabase    = "temporal.db"
)

// maxAddress is far above any address, in bytes.
const maxAddress = 1 << 10

// devAddress is where the embedded server listens, as it has left it in its folder.
func (a *app) devAddress() (string, error) {
	address, err := safedir.NewPrivate(a.server.devDir).Read(devAddressFile, maxAddress)
	if err != nil {
		return "", a.badDevDir(err)
	}
	return strings.TrimSpace(string(address)), nil
}

// devKeys are those of the embedded server.
func (a *app) devKeys() (*temporal.Keyring, error) {
	text, err := safedir.NewPrivate(a.server.devDir).Read(devKeyFile, maxKeys)
	if err != nil {
		return nil, a.badDevDir(err)
	}
	return keyring("the file "+devKeyFile+" in "+a.server.devDir, string(text))
}

// badDevDir says what to do about a folder of an embedded server that cannot be used.
func (a *app) badDevDir(err error) error {
	dir := a.server.devDir
	switch {
	case errors.As(err, new(*advisedError)), errors.As(err, new(*command.UsageError)):
		return err
	case errors.Is(err, safedir.ErrLocked):
		return a.devInUse()
	case errors.Is(err, safedir.ErrReadableByOthers):
		return usage(fmt.Sprintf("the folder %s is refused: %v", dir, err), "make it yours alone (chmod 700 "+shell.Word(dir)+"), and see who could read it; or name another one with --dev-dir")
	case errors.Is(err, safedir.ErrFolderMissing), errors.Is(err, fs.ErrNotExist):
		return usage("no embedded server has run in "+dir, "start one first, in another terminal: rcreg-worker-dev --dev; or name its folder with --dev-dir")
	}
	return usage(fmt.Sprintf("the folder %s cannot be used: %v", dir, err), "name another one with --dev-dir")
}

// startDev starts the embedded server, with a key that is made when there is none.
func (a *app) startDev(ctx context.Context) (client.Options, *temporal.Keyring, error) {
	options := client.Options{HostPort: a.server.address, Namespace: client.DefaultNamespace}
	if a.system.StartDev == nil {
		return options, nil, usage("there is no server in "+a.Program, "start the worker that has one: rcreg-worker-dev --dev (go install github.com/rcreg/registration/temporal/devserver/cmd/rcreg-worker-dev@latest)")
	}
	if options.HostPort == "" {
		options.HostPort = "127.0.0.1:7233" // by number: localhost may mean two addresses
	}
	keys, err := a.openDevDir()
	if err != nil {
		return options, nil, err
	}
	log := io.Discard
	if a.Verbose {
		log = a.Stderr
	}
	server, err := a.system.StartDev(ctx, a.server.devDir, options.HostPort, log)
	if err != nil {
		return options, nil, a.badDev(options.HostPort, err)
	}
	a.atEnd = append(a.atEnd, func(context.Context) error { return server.Stop() })
	options.HostPort, a.server.address = server.Address(), "" // the folder tells it from now on
	if err := safedir.NewPrivate(a.server.devDir).Write(devAddressFile, []byte(options.HostPort+"\n")); err != nil {
		return options, nil, a.badDevDir(err)
	}
	return options, keys, nil
}

// openDevDir makes the folder of an embedded server, which no other worker gets until the command ends, and its key.
func (a *app) openDevDir() (*temporal.Keyring, error) {
	if err := safedir.Make(a.server.devDir); err != nil {
		return nil, usage(fmt.Sprintf("the folder %s cannot be made: %v", a.server.devDir, err), "name another one with --dev-dir; the one above it must be there")
	}
	dir := safedir.NewPrivate(a.server.devDir)
	lock, err := dir.Lock(devLockFile)
	if err != nil {
		return nil, a.badDevDir(err)
	}
	a.atEnd = append(a.atEnd, func(context.Context) error { return lock.Close() })
	hasKey, err := dir.Has(devKeyFile)
	if err == nil && !hasKey {
		err = a.makeDevKey(dir)
	}
	if err != nil {
		return nil, a.badDevDir(err)
	}
	return a.devKeys()
}

// makeDevKey makes a key before there is a database: one that is there was written with another key.
func (a *app) makeDevKey(dir *safedir.Dir) error {
	hasDatabase, err := dir.Has(devDatabase)
	switch {
	case err != nil:
		return err
	case hasDatabase:
		return usage(fmt.Sprintf("the key of the histories in %s is not there", a.server.devDir), "put the file "+devKeyFile+" back; or remove the folder to begin anew")
	}
	var key [32]byte
	_, _ = rand.Read(key[:]) // it never fails
	return dir.Write(devKeyFile, []byte(base64.StdEncoding.EncodeToString(key[:])+"\n"))
}

// What System.StartDev returns for what the user can put right.
var (
	// ErrDevInUse: another process works on the folder.
	ErrDevInUse = errors.New("a server works on this folder already")
	// ErrDevDamaged: the database is none that the server can work with.
	ErrDevDamaged = errors.New("the database is damaged, or from another version")
	// ErrDevAddress: others than this machine could reach the address.
	ErrDevAddress = errors.New("the server has no users and no TLS, so that it listens on this machine alone")
)

func (a *app) devInUse() error {
	return advised(fmt.Errorf("another rcreg-worker-dev works on %s", a.server.devDir), "locked",
		"end that one first, or name another folder with --dev-dir and another --address; a second worker joins it with "+a.Program+" --key-file "+shell.Word(filepath.Join(a.server.devDir, devKeyFile)))
}

// badDev says what to do about an embedded server that does not start.
func (a *app) badDev(address string, err error) error {
	var network *net.OpError
	switch {
	case errors.Is(err, ErrDevInUse):
		return a.devInUse()
	case errors.Is(err, ErrDevDamaged):
		return advised(fmt.Errorf("the embedded server cannot work with what is in %s: %w", a.server.devDir, err), "dev_server_failed", "put that folder aside, and run it again: it begins with a new one")
	case errors.Is(err, ErrDevAddress):
		return usage(fmt.Sprintf("others could reach the embedded server on %s, and it has no users and no TLS", address), "pass an address of this machine, such as --address 127.0.0.1:7234")
	case errors.Is(err, syscall.EADDRINUSE):
		return advised(fmt.Errorf("%s is taken by another program, perhaps by another Temporal server", address), "address_in_use", "listen elsewhere, with --address 127.0.0.1:7234")
	case errors.As(err, &network):
		return usage(fmt.Sprintf("the embedded server cannot listen on %s: %v", address, err), "pass an address of this machine, such as --address 127.0.0.1:7233")
	}
	return advised(fmt.Errorf("the embedded server does not start: %w", err), "dev_server_failed", "run it again with --verbose to see why; or begin anew with another --dev-dir")
}
