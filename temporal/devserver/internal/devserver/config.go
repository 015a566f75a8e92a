package devserver

import (
	"fmt"
	"net"
	"net/url"
	"strconv"

	"go.temporal.io/server/common/cluster"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/membership/static"
	"go.temporal.io/server/common/persistence/sql/sqlplugin/sqlite"
	"go.temporal.io/server/common/primitives"
)

// onlyCluster is the name of the cluster that is this server.
const onlyCluster = "active"

// services are those of a server, each of which listens on a port of its own. Clients know that of the frontend only.
func services() []primitives.ServiceName {
	return []primitives.ServiceName{primitives.FrontendService, primitives.HistoryService, primitives.MatchingService, primitives.WorkerService}
}

// listeners tells where each service listens: the frontend at its address, the others on ports that are free.
func listeners(frontend string) (map[primitives.ServiceName]*net.TCPAddr, error) {
	addresses := map[primitives.ServiceName]*net.TCPAddr{}
	for _, service := range services() {
		want := "127.0.0.1:0"
		if service == primitives.FrontendService {
			want = frontend
		}
		// The server listens by itself, and says little when it cannot. All are held until the last one is chosen, so that none is chosen twice.
		listener, err := net.Listen("tcp", want) //nolint:noctx // it is over at once
		if err != nil {
			return nil, fmt.Errorf("listen on %s: %w", want, err)
		}
		defer func() { _ = listener.Close() }()
		address := listener.Addr().(*net.TCPAddr) //nolint:forcetypeassert // of a TCP listener
		if !address.IP.IsLoopback() {
			return nil, fmt.Errorf("listen on %s: %w", want, ErrNotLoopback)
		}
		addresses[service] = address
	}
	return addresses, nil
}

// database is the file of a server. A process that is killed loses nothing; a power cut may cost the last moments, after which workers look at the
// workspaces before they act: waiting for the disk at each step would take most of the time.
func database(path string) *config.SQL {
	return &config.SQL{
		PluginName:        sqlite.PluginName,
		DatabaseName:      (&url.URL{Path: path}).EscapedPath(), // it becomes a part of a URL
		ConnectAttributes: map[string]string{"mode": "rwc", "journal_mode": "wal", "synchronous": "normal"},
	}
}

// settings are those of a server with one database and one of each service.
func settings(store *config.SQL, addresses map[primitives.ServiceName]*net.TCPAddr) *config.Config {
	frontend := addresses[primitives.FrontendService].String()
	c := &config.Config{
		Persistence: config.Persistence{
			DefaultStore: sqlite.PluginName, VisibilityStore: sqlite.PluginName, NumHistoryShards: 1,
			DataStores: map[string]config.DataStore{sqlite.PluginName: {SQL: store}},
		},
		ClusterMetadata: &cluster.Config{
			FailoverVersionIncrement: 10, MasterClusterName: onlyCluster, CurrentClusterName: onlyCluster,
			ClusterInformation: map[string]cluster.ClusterInformation{onlyCluster: {Enabled: true, InitialFailoverVersion: 1, RPCAddress: frontend}},
		},
		DCRedirectionPolicy: config.DCRedirectionPolicy{Policy: "noop"},
		Services:            map[string]config.Service{},
		Archival: config.Archival{
			History:    config.HistoryArchival{State: config.ArchivalDisabled},
			Visibility: config.VisibilityArchival{State: config.ArchivalDisabled},
		},
		NamespaceDefaults: config.NamespaceDefaults{Archival: config.ArchivalNamespaceDefaults{
			History:    config.HistoryArchivalNamespaceDefaults{State: config.ArchivalDisabled},
			Visibility: config.VisibilityArchivalNamespaceDefaults{State: config.ArchivalDisabled},
		}},
		PublicClient: config.PublicClient{HostPort: frontend},
	}
	for service, address := range addresses {
		c.Services[string(service)] = config.Service{RPC: config.RPC{GRPCPort: address.Port, BindOnIP: address.IP.String()}}
	}
	return c
}

// hosts spares the services to look for each other.
func hosts(addresses map[primitives.ServiceName]*net.TCPAddr) map[primitives.ServiceName]static.Hosts {
	found := map[primitives.ServiceName]static.Hosts{}
	for service, address := range addresses {
		found[service] = static.SingleLocalHost(net.JoinHostPort(address.IP.String(), strconv.Itoa(address.Port)))
	}
	return found
}
