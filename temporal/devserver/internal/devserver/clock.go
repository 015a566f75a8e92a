package devserver

import (
	"go.temporal.io/server/common/clock"
	"go.temporal.io/server/common/primitives"
	"go.temporal.io/server/service/history"
	"go.temporal.io/server/service/history/replication"
	"go.temporal.io/server/temporal"
	"go.uber.org/fx"
)

// newServerByClock makes a server whose history service, which has the timers of all workflows, goes by another clock. The server has no option for that, but
// its services can be put together otherwise: this is that of the server itself, with one part replaced.
func newServerByClock(source clock.TimeSource, options []temporal.ServerOption) (temporal.Server, error) {
	historyByClock := func(params temporal.ServiceProviderParamsCommon) (temporal.ServicesGroupOut, error) {
		app := fx.New(
			params.GetCommonServiceOptions(primitives.HistoryService),
			history.QueueModule,
			history.Module,
			replication.Module,
			fx.Decorate(func() clock.TimeSource { return source }),
		)
		return temporal.NewService(app, primitives.HistoryService, params.Logger), app.Err()
	}
	others := []string{string(primitives.FrontendService), string(primitives.MatchingService), string(primitives.WorkerService)}
	return temporal.NewServerFx(fx.Options(temporal.TopLevelModule, fx.Provide(historyByClock)), append(options, temporal.ForServices(others))...)
}
