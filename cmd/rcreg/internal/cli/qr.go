package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/rcreg/registration/cmd/rcreg/internal/scan"
	"github.com/rcreg/registration/internal/command"
	"github.com/rcreg/registration/internal/screen"
	"github.com/rcreg/registration/offline"
)

// The flags for sites where no stick is allowed: texts go out as QR codes, and come in from a hand-held scanner.

func qrFlag(cmd *cobra.Command, qr *bool, what string) {
	cmd.Flags().BoolVar(qr, "qr", false, "show "+what+" as QR codes, for a scanner on the other side")
}

func scannedFlag(cmd *cobra.Command, path *string, what string) {
	cmd.Flags().StringVar(path, "scanned", "", "`FILE` with "+what+" as a scanner typed the QR codes; - is stdin")
}

// scanned reads the texts whose parts a scanner typed.
func (a *app) scanned(path string) ([][]byte, error) {
	if path == "-" && a.system.Ask != nil {
		_, _ = fmt.Fprintln(a.Stderr, "Scan all parts, in any order. Then press Enter and Ctrl-D.")
	}
	typed, err := a.textOf("the scanned text", "scanned", path)
	if err != nil {
		return nil, err
	}
	texts, err := scan.Join(typed)
	if err != nil {
		return nil, usage(err.Error(), "scan into a file, and add to it what is missing: parts may be there twice, in any order")
	}
	return texts, nil
}

// partsOf splits a text into the parts that are shown.
func partsOf(text []byte) ([]string, error) {
	parts, err := scan.Split(text)
	if err != nil {
		return nil, &advisedError{err, "carry the exchange folder: everything is in it"}
	}
	return parts, nil
}

// showCodes shows parts as QR codes. A person sees one at a time; anybody else gets all of them, each with its text.
func (a *app) showCodes(ctx context.Context, what string, parts []string) error {
	if fits, err := a.codesFit(parts); err != nil || !fits {
		return err
	}
	for i, part := range parts {
		code, err := scan.Draw(part)
		if err != nil {
			return err
		}
		number := fmt.Sprintf("part %d of %d", i+1, len(parts))
		unattended := !a.StdoutTerminal || a.system.Ask == nil
		err = screen.Print(a.Stdout, a.Style(a.StdoutTerminal), func(out io.Writer, s style) {
			screen.Printf(out, "%s, %s\n", s.Strong(what), number)
			for line := range strings.Lines(code) {
				screen.Printf(out, "%s\n", s.Code(strings.TrimSuffix(line, "\n")))
			}
			if unattended {
				screen.Printf(out, "%s\n\n", part)
			}
		})
		if err != nil {
			return err
		}
		if unattended {
			continue
		}
		then := "for the next"
		if i == len(parts)-1 {
			then = "when it is scanned"
		}
		if _, err := a.system.Ask(ctx, number+", press Enter "+then+" ", true); err != nil {
			return err
		}
	}
	return nil
}

// codesFit reports whether the terminal has room for each part, and says what to do where it has not: no scanner reads a code that was broken or has scrolled away.
func (a *app) codesFit(parts []string) (bool, error) {
	const around = 3 // the heading, the question, and the line that it is answered on
	s := a.Style(a.StdoutTerminal)
	if s.Width == 0 || s.Height == 0 {
		return true, nil
	}
	width, height := 0, 0
	for _, part := range parts {
		code, err := scan.Draw(part)
		if err != nil {
			return false, err
		}
		first, _, _ := strings.Cut(code, "\n")
		width, height = max(width, utf8.RuneCountInString(first)), max(height, strings.Count(code, "\n")+around)
	}
	if width <= s.Width && height <= s.Height {
		return true, nil
	}
	a.Say(func(out io.Writer, s style) {
		screen.Printf(out, "%s the QR codes are not shown: they take %d columns and %d lines, and this terminal has %d and %d.\n%s  make the window larger or its letters smaller, then run the same command again\n",
			s.Warn("Note:"), width, height, s.Width, s.Height, s.Strong("Next:"))
	})
	return false, nil
}

// showRequest shows the request that an operation waits for, and still ends with what it waits for.
func (g *gapSource) showRequest(ctx context.Context, folder *offline.Folder, err error) error {
	waits := (*requestError)(nil)
	if !errors.As(err, &waits) {
		return err
	}
	request, readErr := folder.Request(waits.ticket.Request)
	if readErr != nil {
		return readErr
	}
	parts, tooLong := partsOf(request.Text())
	if tooLong != nil {
		return tooLong
	}
	if g.app.Output == command.JSON {
		waits.parts = parts
		return err
	}
	if err := g.app.showCodes(ctx, "Request "+request.ID(), parts); err != nil {
		return err
	}
	return err
}
