package registration_test

import (
	"context"
	"io/fs"
	"syscall"
	"testing"

	"go.uber.org/mock/gomock"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/clienttest"
)

// pollingMock is a transport that only polls.
type pollingMock struct {
	*MockTransport
	*MockPoller
}

// TestWaitOutlivesAStickThatIsPulledOutInTheMiddle of a read: the system says then that reading failed.
func TestWaitOutlivesAStickThatIsPulledOutInTheMiddle(t *testing.T) {
	t.Parallel()
	ws, clock := clienttest.Start(t, "6.13.0")
	controller := gomock.NewController(t)
	transport := pollingMock{NewMockTransport(controller), NewMockPoller(controller)}
	transport.MockTransport.EXPECT().Info().Return(registration.Info{Name: "offline"}).AnyTimes()
	ticket := requestTicket("")
	ticket.UniqueID = ws.Setting("uniqueID").(string)
	failure := &registration.Error{Err: &fs.PathError{Op: "read", Path: "answers/" + ticket.Request + ".json", Err: syscall.EIO}}
	gomock.InOrder(
		transport.MockPoller.EXPECT().Poll(gomock.Any(), gomock.Any(), ticket).Return(failure).Times(3),
		transport.MockPoller.EXPECT().Poll(gomock.Any(), gomock.Any(), ticket).DoAndReturn(func(context.Context, *registration.Session, registration.Ticket) error {
			clienttest.Registers(ws)
			return nil
		}),
	)
	result, err := clienttest.OpenWithToken(t, ws, clock, registration.WithTransport(transport)).Wait(t.Context(), ticket)
	clienttest.Expect(t, "wait", result, err, nil, true)
}
