package demo

import (
	"errors"
	"path/filepath"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/grants"
	"github.com/rcreg/registration/offline"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/relay"
)

// The transports to the Cloud, by the names that their transports have.
const (
	direct   = "direct"
	viaRelay = "relay"
	gap      = "offline"
)

// Transport names a transport and the versions to show it on.
type Transport struct {
	Name     string // of the [registration.Transport]: direct, relay or offline
	Versions []string
	// Offline gives the workspaces a license that forbids them to ask the Cloud, from 8.7.
	Offline bool
}

// Transports returns every transport: the direct one with a server of each generation that does something differently there, the others likewise, and what is left of
// them with a license that forbids the Cloud.
func Transports() []Transport {
	handedOver := []string{"3.0.0", "6.4.0", "6.13.0", "9.0.0"}
	return []Transport{
		{Name: direct, Versions: []string{"3.0.0", "4.8.0", "5.4.0", "6.4.0", "6.13.0", "7.7.1", "8.7.0", "9.0.0"}},
		{Name: viaRelay, Versions: handedOver},
		{Name: gap, Versions: handedOver},
		{Name: direct, Versions: []string{"8.8.0"}, Offline: true},
		{Name: viaRelay, Versions: []string{"8.8.0"}, Offline: true},
	}
}

// stage is what the plays share: the Cloud, this machine's way to it, and what the transports keep on disk.
type stage struct {
	clock  *registrationtest.Clock
	cloud  *registrationtest.Cloud
	client *cloud.Client // this machine's

	grants     *grants.Store // of the relay
	registered *grants.Store // likewise

	folder   string          // of everything below, and of the courier's copies
	exchange *offline.Folder // on the workspace's side of the gap
	state    *offline.State  // likewise
	ledger   *offline.Ledger // on the other side
}

// build puts a stage together in an empty folder.
func build(folder string) (*stage, error) {
	s := &stage{clock: registrationtest.NewClock(time.Now()), folder: folder}
	var err error
	if s.cloud, err = registrationtest.StartCloud(registrationtest.WithClock(s.clock)); err != nil {
		return nil, err
	}
	if s.client, err = cloud.New(cloud.WithURL(s.cloud.URL()), cloud.WithClock(s.clock)); err == nil {
		err = s.openFolders()
	}
	if err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *stage) openFolders() error {
	here := func(name string) string { return filepath.Join(s.folder, name) }
	var errs [5]error
	s.grants, errs[0] = grants.Open(here("grants"))
	s.registered, errs[1] = grants.Open(here("registered"))
	s.exchange, errs[2] = offline.OpenFolder(here("exchange"))
	s.state, errs[3] = offline.OpenState(here("state"))
	s.ledger, errs[4] = offline.OpenLedger(here("ledger"))
	return errors.Join(errs[:]...)
}

func (s *stage) close() {
	if s.ledger != nil {
		_ = s.ledger.Close() // its folder is deleted
	}
	if s.client != nil {
		s.client.CloseIdleConnections()
	}
	s.cloud.Close()
}

// transport makes the transport of a name.
func (s *stage) transport(name string) (registration.Transport, error) {
	switch name {
	case viaRelay:
		return relay.New(s.client, s.grants, relay.LicensesWith(s.registered))
	case gap:
		return offline.NewTransport(s.exchange, s.state)
	}
	return registration.Direct(), nil
}

// cutOff takes a workspace's own way to the Cloud from it: no server listens there.
func cutOff(fake *registrationtest.Workspace) { fake.Set("Cloud_Url", "http://127.0.0.1:1") }
