package demo

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/rcreg/registration/offline"
)

// carry is the way over the gap and back: the requests are copied into a folder of the connected side, a courier answers them there with a token, and the
// answers are copied back. It returns the files that were copied.
func (s *stage) carry(ctx context.Context, token string) ([]string, error) {
	there, err := os.MkdirTemp(s.folder, "courier-")
	if err != nil {
		return nil, err
	}
	requests, err := move("requests", s.exchange.Path(), there)
	if err != nil {
		return nil, err
	}
	if err := s.answer(ctx, there, token); err != nil {
		return nil, err
	}
	answers, err := move("answers", there, s.exchange.Path())
	return append(requests, answers...), err
}

// answer runs a courier over a folder.
func (s *stage) answer(ctx context.Context, path, token string) error {
	folder, err := offline.OpenFolder(path)
	if err != nil {
		return err
	}
	courier := offline.Courier{
		Cloud: s.client, Tokens: offline.OneToken(token), Folder: folder, Ledger: s.ledger, Clock: s.clock,
		KeepGrants: true, // licenses are fetched with them
	}
	report, err := courier.Run(ctx)
	if err != nil {
		return err
	}
	for _, item := range report.Items {
		if item.Err != nil || item.Outcome != offline.Answered {
			return fmt.Errorf("the courier: %s: %s: %w", item.File, item.Outcome, item.Err)
		}
	}
	return nil
}

// move copies a folder of one exchange folder into another, as a person with a stick does, and returns the names of the files.
func move(name, from, to string) ([]string, error) {
	source := os.DirFS(filepath.Join(from, name))
	if err := os.CopyFS(filepath.Join(to, name), source); err != nil {
		return nil, err
	}
	files, err := fs.Glob(source, "*")
	for i, file := range files {
		files[i] = name + "/" + file
	}
	return files, err
}
