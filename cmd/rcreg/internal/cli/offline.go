package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/rcreg/registration"
)

const offlineHelp = `Register a workspace across an air gap, with files in a folder that is carried.

  1. rcreg offline request writes a request into the exchange folder: exit code 3.
  2. The folder is carried to where the Cloud can be reached. There rcreg courier run answers the
     request; or a person pastes its text into the Cloud console, under "Continue offline", and
     saves the code that it shows beside it.
  3. The folder is carried back, and rcreg offline apply hands the workspace the answer.

The state folder holds the keys that open the answers. It never leaves this side. rcreg license
request asks for a license in the same way.

Where nothing may be carried, the exchange folder stays on this side: --qr shows the request as QR
codes for a hand-held scanner on the other side, and rcreg offline apply --scanned takes the answer
from the codes that rcreg courier run --qr shows there.`

// offline is the workspace's side of an air gap.
func (a *app) offline() *cobra.Command {
	cmd := a.group("offline", "Register across an air gap, with files that are carried", a.offlineRequest(), a.offlineStatus(), a.offlineApply(), a.offlineWithdraw())
	cmd.Long = offlineHelp
	return cmd
}

func (a *app) offlineRequest() *cobra.Command {
	var c *connection
	g := &gapSource{app: a}
	cmd := a.leaf("request", "Write a request for a registration into the exchange folder", func(ctx context.Context) error {
		return a.registerOffline(ctx, c, g, registration.Request{}, false)
	})
	cmd.Long = "Write a request for a registration into the exchange folder, and end with exit code 3. It does what\n" +
		"rcreg register --via offline does: a request that stands is not written twice, and an answer that\nhas come already is applied."
	cmd.Example = "  rcreg offline request --exchange /media/stick/exchange\n  rcreg offline request --exchange DIR --qr"
	c = a.connectTo(cmd)
	g.flags(cmd)
	qrFlag(cmd, &g.qr, "the request")
	return cmd
}
