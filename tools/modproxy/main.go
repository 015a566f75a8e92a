// Modproxy packs every module of this checkout into a module proxy on the file system, as a release would publish them: so that CI can install the
// commands and import the libraries from an empty folder, before anything is tagged.
//
//	go run ./tools/modproxy -out DIR
//	GOPROXY=file://DIR,$(go env GOPROXY) GONOSUMDB=github.com/rcreg go install github.com/rcreg/registration/cmd/rcreg@latest
package main

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

func main() {
	flags := flag.NewFlagSet("modproxy", flag.ExitOnError)
	out := flags.String("out", "", "the folder of the proxy, which is made")
	root := flags.String("root", ".", "the checkout")
	version := flags.String("version", "v0.1.0", "the version of every module")
	_ = flags.Parse(os.Args[1:]) // it exits
	if err := pack(*root, *out, *version); err != nil {
		fmt.Fprintln(os.Stderr, "modproxy:", err)
		os.Exit(1)
	}
}

// pack writes every module below a folder.
func pack(root, out, version string) error {
	if out == "" {
		return errors.New("name the folder of the proxy with -out")
	}
	files, err := moduleFiles(root)
	if err != nil {
		return err
	}
	modules := make([]*modfile.File, 0, len(files))
	own := make(map[string]bool)
	for _, file := range files {
		text, err := os.ReadFile(file) //nolint:gosec // the checkout is the caller's
		if err != nil {
			return err
		}
		parsed, err := modfile.Parse(file, text, nil)
		if err != nil {
			return err
		}
		modules = append(modules, parsed)
		own[parsed.Module.Mod.Path] = true
	}
	for i, parsed := range modules {
		if err := check(parsed, own, version); err != nil {
			return fmt.Errorf("%s: %w", files[i], err)
		}
		if err := write(filepath.Dir(files[i]), out, module.Version{Path: parsed.Module.Mod.Path, Version: version}); err != nil {
			return fmt.Errorf("%s: %w", files[i], err)
		}
	}
	return nil
}

// moduleFiles finds the go.mod files of a checkout. One in a testdata folder is data.
func moduleFiles(root string) ([]string, error) {
	var files []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "testdata" || entry.Name() == ".git"):
			return filepath.SkipDir
		case entry.Name() == "go.mod":
			files = append(files, path)
		}
		return nil
	})
	return files, err
}

// check refuses what could not be installed: a replacement counts in a checkout only, and a version that is not released with this one is not there.
func check(file *modfile.File, own map[string]bool, version string) error {
	if len(file.Replace) > 0 {
		return errors.New("it has a replace, with which it cannot be installed; go.work joins the modules of a checkout")
	}
	for _, require := range file.Require {
		if own[require.Mod.Path] && require.Mod.Version != version {
			return fmt.Errorf("it requires %s at %s, and %s is released", require.Mod.Path, require.Mod.Version, version)
		}
	}
	return nil
}

// write writes one module as the protocol of module proxies has it (go help goproxy).
func write(dir, out string, m module.Version) error {
	escaped, err := module.EscapePath(m.Path)
	if err != nil {
		return err
	}
	at := filepath.Join(out, filepath.FromSlash(escaped), "@v")
	if err := os.MkdirAll(at, 0o755); err != nil { //nolint:gosec // a proxy is there to be read
		return err
	}
	mod, err := os.ReadFile(filepath.Join(dir, "go.mod")) //nolint:gosec // as above
	if err != nil {
		return err
	}
	info := fmt.Sprintf(`{"Version":%q,"Time":%q}`, m.Version, time.Now().UTC().Format(time.RFC3339))
	for name, text := range map[string][]byte{"list": []byte(m.Version + "\n"), m.Version + ".mod": mod, m.Version + ".info": []byte(info)} {
		if err := os.WriteFile(filepath.Join(at, name), text, 0o644); err != nil { //nolint:gosec // as above
			return err
		}
	}
	packed, err := os.Create(filepath.Join(at, m.Version+".zip")) //nolint:gosec // so is the proxy
	if err != nil {
		return err
	}
	return errors.Join(zip.CreateFromDir(packed, m, dir), packed.Close())
}
