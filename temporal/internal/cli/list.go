package cli

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/pflag"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/internal/labels"
	"github.com/rcreg/registration/internal/outcome"
)

// listFlags name a list of workspaces, and what is selected of it.
type listFlags struct {
	path     string
	selected []string
}

func (f *listFlags) add(flags *pflag.FlagSet) {
	flags.StringVarP(&f.path, "file", "f", "", "`FILE` with the list of workspaces; the workers need the same one")
}

func (f *listFlags) addSelect(flags *pflag.FlagSet) {
	flags.StringArrayVar(&f.selected, "select", nil, "only workspaces with this label, as `LABEL=VALUE`; repeated, with all of them")
}

// load reads the list, without its secrets: those are where the workers are. What is found wrong here is told before anything is started. Afterwards the path
// is absolute, and so are the files that the list refers to: workers run elsewhere.
func (f *listFlags) load() (fleet.List, map[string]string, error) {
	if f.path == "" {
		return fleet.List{}, nil, usage("no list was named", "pass the list of workspaces with --file fleet.yaml; docs/fleet.md describes it")
	}
	chosen, err := labels.Parse(f.selected)
	if wrong := (*labels.Error)(nil); errors.As(err, &wrong) {
		return fleet.List{}, nil, usage(wrong.Error(), wrong.Advice())
	}
	if f.path, err = filepath.Abs(f.path); err != nil {
		return fleet.List{}, nil, usage(fmt.Sprintf("the list cannot be found: %v", err), "name it with --file from its root")
	}
	list, err := fleet.LoadUnresolved(f.path)
	switch {
	case errors.Is(err, registration.ErrInvalidInput):
		return list, nil, advised(err, failure.KindOf(err).Name(), "correct the lines that it names, then run it again")
	case err != nil:
		return list, nil, usage(err.Error(), "name the list of workspaces with --file")
	}
	if list = list.Select(chosen); len(list.Workspaces) == 0 {
		return list, nil, usage("no workspace is selected", "see the labels in the list, and what --select asks for")
	}
	return list, chosen, nil
}

// workspace finds a workspace of the list by its name.
func (f *listFlags) workspace(name string) (fleet.Workspace, error) {
	list, _, err := f.load()
	if err != nil {
		return fleet.Workspace{}, err
	}
	return named(list, name)
}

func named(list fleet.List, name string) (fleet.Workspace, error) {
	for _, w := range list.Workspaces {
		if w.Name == name {
			return w, nil
		}
	}
	return fleet.Workspace{}, usage(fmt.Sprintf("the list has no workspace %q", name), "name one as the list does, which has "+some(list))
}

// some names the first workspaces of a list.
func some(list fleet.List) string {
	names := make([]string, 0, len(list.Workspaces))
	for _, w := range list.Workspaces {
		names = append(names, w.Name)
	}
	return outcome.Some(names)
}

// secretFile is a reference to a file on the workers: it may not be there on this machine. Without a workspace {name} is left to them.
func secretFile(flag, path, workspace string) (fleet.Reference, error) {
	if path == "" {
		return fleet.Reference{}, nil
	}
	if workspace != "" {
		path = strings.ReplaceAll(path, perName, workspace)
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return fleet.Reference{}, usage(fmt.Sprintf("the file of %s cannot be found: %v", flag, err), "name it from its root")
	}
	return fleet.Reference{File: absolute}, nil
}

// perName stands for the name of each workspace in the name of a file.
const perName = "{name}"
