package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// listed is a package as the go command describes it.
type listed struct {
	ImportPath, Dir, Name, Export string
	GoFiles                       []string
	DepOnly                       bool
}

// list returns the named packages of the module in a folder, and the files of compiled types of all that they import.
func list(ctx context.Context, folder string, patterns []string) ([]listed, map[string]string, error) {
	args := append([]string{"list", "-deps", "-export", "-json=ImportPath,Dir,Name,Export,GoFiles,DepOnly"}, patterns...)
	text, err := goCommand(ctx, folder, args...)
	if err != nil {
		return nil, nil, err
	}
	var named []listed
	exports := map[string]string{}
	for decoder := json.NewDecoder(bytes.NewReader(text)); ; {
		var p listed
		switch err := decoder.Decode(&p); {
		case errors.Is(err, io.EOF):
			return named, exports, nil
		case err != nil:
			return nil, nil, fmt.Errorf("read what go list says: %w", err)
		}
		exports[p.ImportPath] = p.Export
		if !p.DepOnly {
			named = append(named, p)
		}
	}
}

// goCommand runs the go command and returns what it prints.
func goCommand(ctx context.Context, folder string, args ...string) ([]byte, error) {
	var stderr bytes.Buffer
	command := exec.CommandContext(ctx, "go", args...) //nolint:gosec // the packages are what the caller asks for
	command.Dir, command.Stderr = folder, &stderr
	text, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("go %s: %w\n%s", args[0], err, stderr.Bytes())
	}
	return text, nil
}

// mutatedPackages is what became of packages.
type mutatedPackages struct {
	mutants []mutant
	leftOut []mutant
	files   map[string][]byte // the text of changed and added files, by where they belong
}

// mutate writes all mutants of packages into their files.
func mutate(ctx context.Context, folder string, patterns []string) (mutatedPackages, error) {
	all := mutatedPackages{files: map[string][]byte{}}
	packages, exports, err := list(ctx, folder, patterns)
	if err != nil {
		return all, err
	}
	count := &counter{}
	for _, p := range packages {
		if err := all.add(folder, p, exports, count); err != nil {
			return all, fmt.Errorf("mutate %s: %w", p.ImportPath, err)
		}
		all.files[filepath.Join(p.Dir, "mutated_schemata.go")] = fmt.Appendf(nil, schemata, p.Name)
	}
	return all, nil
}

func (all *mutatedPackages) add(folder string, p listed, exports map[string]string, count *counter) error {
	fset := token.NewFileSet()
	var files []*ast.File
	sources := map[*ast.File][]byte{}
	for _, name := range p.GoFiles {
		source, err := os.ReadFile(filepath.Join(p.Dir, name)) //nolint:gosec // the go command names the file
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), source, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		files, sources[file] = append(files, file), source
	}
	info, err := check(fset, p.ImportPath, files, exports)
	if err != nil {
		return err
	}
	for _, file := range files {
		if ast.IsGenerated(file) {
			continue
		}
		path := fset.Position(file.Package).Filename
		f := &finder{fset: fset, info: info, source: sources[file], pkg: p.ImportPath, file: below(folder, path), count: count}
		f.find(file)
		all.mutants, all.leftOut = append(all.mutants, f.mutants...), append(all.leftOut, f.leftOut...)
		all.files[path] = f.edits.apply(f.source)
	}
	return nil
}

// check finds out the types of all expressions.
func check(fset *token.FileSet, path string, files []*ast.File, exports map[string]string) (*types.Info, error) {
	open := func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) }
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}}
	config := types.Config{Importer: importer.ForCompiler(fset, "gc", open)}
	_, err := config.Check(path, fset, files, info)
	return info, err
}

// below is a path as it is seen from a folder, with slashes.
func below(folder, path string) string {
	absolute, err := filepath.Abs(folder)
	if err != nil {
		return path
	}
	relative, err := filepath.Rel(absolute, path)
	if err != nil {
		return path
	}
	return filepath.ToSlash(relative)
}
