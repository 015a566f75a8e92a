package registration_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/offline"
	"github.com/rcreg/registration/workspace"
)

// zeroValues are values that no constructor has made.
func zeroValues() []any {
	return []any{
		&registration.Client{}, (*registration.Client)(nil), &registration.Session{}, registration.Request{}, registration.Ticket{}, registration.Diagnosis{},
		&registration.Error{}, &registration.PendingError{}, registration.Direct(), registration.Relay(nil), registration.Relay(nil, nil),
		registration.Relay(&cloud.Client{}, registration.GrantsIn(&offline.Vault{})), registration.Offline(nil, nil), registration.Offline(&offline.Folder{}, &offline.State{}),
		&workspace.Client{}, workspace.Credentials{}, &workspace.Error{}, &workspace.Calls{},
		&cloud.Client{}, cloud.Grant{}, cloud.RegistrationData{}, cloud.Secret{},
		&offline.Vault{}, (*offline.Vault)(nil), &offline.Ledger{}, (*offline.Ledger)(nil), &offline.Folder{}, (*offline.Folder)(nil), &offline.State{},
		&offline.Courier{}, (*offline.Courier)(nil), &offline.Requester{}, offline.Answer{}, offline.Request{}, offline.Report{}, offline.Workspace{},
		&fleet.Fleet{}, &fleet.Journal{}, &fleet.Tokens{}, fleet.List{}, fleet.Outcome{}, fleet.Problem{}, fleet.Reference{}, fleet.Workspace{},
	}
}

// TestZeroValuesAreErrors calls every exported method with empty arguments on what was not made by its constructor, with a context and without. None panics, and
// what can act or ask says that it cannot.
func TestZeroValuesAreErrors(t *testing.T) {
	t.Parallel()
	for _, value := range zeroValues() {
		for _, ctx := range []context.Context{t.Context(), nil} {
			callEach(t, value, ctx)
		}
	}
}

// TestNilContextsAreErrors does the same with what is in order but for the context.
func TestNilContextsAreErrors(t *testing.T) {
	t.Parallel()
	const address = "https://chat.example.com"
	ws, mock := mocked(t, address, map[string]httpmock.Responder{"GET /api/info": httpmock.NewStringResponder(200, `{"version":"6.4.0","success":true}`).HeaderSet(http.Header{"Content-Type": {"application/json"}})})
	client, err := registration.New(t.Context(), ws)
	if err != nil {
		t.Fatal(err)
	}
	toCloud, err := cloud.New()
	if err != nil {
		t.Fatal(err)
	}
	all, err := fleet.New(fleet.List{Workspaces: []fleet.Workspace{{Name: "alpha"}}})
	if err != nil {
		t.Fatal(err)
	}
	folder, err := offline.OpenFolder(filepath.Join(t.TempDir(), "stick"))
	if err != nil {
		t.Fatal(err)
	}
	ledger, err := offline.OpenLedger(filepath.Join(t.TempDir(), "ledger"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ledger.Close() })
	for _, value := range []any{client, client.Session(), ws, toCloud, all, &offline.Courier{Cloud: toCloud, Folder: folder, Ledger: ledger}} {
		callEach(t, value, nil)
	}
	if n := mock.GetTotalCallCount(); n != 1 { // for the version
		t.Errorf("%d requests were sent", n-1)
	}
}

// callEach calls the exported methods of a value.
func callEach(t *testing.T, value any, ctx context.Context) { //nolint:revive // the context is what is tested, and may be nil
	t.Helper()
	v := reflect.ValueOf(value)
	for i := range v.NumMethod() {
		method := v.Type().Method(i).Name
		if method == "Err" { // of the last run: there was none
			continue
		}
		name := fmt.Sprintf("%T(nil: %t).%s, context: %t", value, v.Kind() == reflect.Pointer && v.IsNil(), method, ctx != nil)
		if err, can := call(t, name, v.Method(i), ctx); can && err == nil && mustFail(value) {
			t.Errorf("%s: no error", name)
		} else if _, ours := value.(*registration.Client); ours && can && !errors.Is(err, registration.ErrInvalidInput) {
			t.Errorf("%s: got %v, want ErrInvalidInput", name, err)
		}
	}
}

// mustFail reports whether the methods of a value that can fail have to: a request without a token, for example, may be described.
func mustFail(value any) bool {
	switch value.(type) {
	case *registration.Client, *registration.Session, *workspace.Client, *cloud.Client, *offline.Vault, *offline.Ledger, *offline.Folder, *offline.Courier, *offline.Requester,
		*fleet.Fleet, *fleet.Journal, *fleet.Tokens:
		return true
	}
	return false
}

// call calls a method with empty arguments, and returns its error where it can have one. A sequence is gone through.
func call(t *testing.T, name string, method reflect.Value, ctx context.Context) (err error, can bool) { //nolint:revive // the context is what is tested
	t.Helper()
	defer func() {
		if p := recover(); p != nil {
			t.Errorf("%s panics: %v", name, p)
			can = false
		}
	}()
	args := make([]reflect.Value, method.Type().NumIn())
	for i := range args {
		switch in := method.Type().In(i); {
		case in == reflect.TypeFor[context.Context]() && ctx != nil:
			args[i] = reflect.ValueOf(ctx)
		case in == reflect.TypeFor[*registration.Session]():
			args[i] = reflect.ValueOf(&registration.Session{})
		case in == reflect.TypeFor[fleet.Operation](): // an empty one is refused for itself
			args[i] = reflect.ValueOf(fleet.Status())
		case in == reflect.TypeFor[fmt.State](): // of a formatter: fmt always gives one
			return nil, false
		default:
			args[i] = reflect.Zero(in)
		}
	}
	var results []reflect.Value
	if method.Type().IsVariadic() {
		results = method.CallSlice(args)
	} else {
		results = method.Call(args)
	}
	for _, result := range results {
		switch got := result.Interface().(type) {
		case iter.Seq[fleet.Outcome]:
			for o := range got {
				if o.Err == nil {
					t.Errorf("%s yields an outcome without an error", name)
				}
			}
		case fleet.Outcome:
			if method.Type().NumIn() > 0 && got.Err == nil && method.Type().In(0) == reflect.TypeFor[context.Context]() {
				t.Errorf("%s: an outcome without an error", name)
			}
		}
		if result.Type() == reflect.TypeFor[error]() {
			err, _ = result.Interface().(error)
			can = true
		}
	}
	return err, can
}
