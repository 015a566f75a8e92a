package registration

import (
	"context"
	"errors"

	"github.com/rcreg/registration/offline"
)

// refreshLicense is a sync over a road on which workspace and Cloud do not meet: the transport brings the licence, and it is put in force like any other.
func (o *operation) refreshLicense(ctx context.Context, t Ticket) (Result, error) {
	fetcher, ok := o.client.transport.(LicenseFetcher)
	if !ok {
		return o.close(), o.client.cannot(opSync)
	}
	if o.client.dialect.table.applyLicense == nil {
		return o.close(), o.client.noLicenses(opSync)
	}
	text, err := fetcher.FetchLicense(ctx, o.client.dialect, t)
	var pending *PendingError
	switch {
	case errors.As(err, &pending):
		return o.waits(pending)
	case errors.Is(err, offline.ErrClosed):
		o.note("the licence of this request was put in force before; nothing was done now")
		return o.finish(ctx, nil)
	case err != nil:
		return o.undone(err)
	}
	license, err := o.client.ApplyLicense(ctx, text.Reveal())
	o.result.License = &license
	if err != nil {
		if _, carried := o.client.transport.(gap); carried {
			o.note("the request stays open until a license is in force: bring another answer, or withdraw it")
		}
		return o.close(), err
	}
	o.note("only the licence was refreshed: the Cloud learned nothing about the workspace, and a removal in the Cloud does not show in its status. " +
		"For that the workspace itself has to reach the Cloud")
	return o.finish(ctx, nil)
}
