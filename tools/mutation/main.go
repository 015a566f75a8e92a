package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"runtime"
	"strings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	hasFailed, err := command(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	case hasFailed:
		os.Exit(1)
	}
}

// command does what the command line asks for, and reports whether there is something to do.
func command(ctx context.Context, args []string, stdout, stderr io.Writer) (hasFailed bool, err error) {
	o, output, explained := options{folder: "."}, "", ""
	flags := flag.NewFlagSet("mutation", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.IntVar(&o.workers, "workers", runtime.NumCPU(), "how many mutants are played at a time")
	flags.IntVar(&o.number, "mutant", 0, "play only the mutant with this number, and print what its tests print")
	isVerbose := flags.Bool("v", false, "print each survivor as soon as it is known")
	flags.StringVar(&output, "output", "", "a file into which the report is written too")
	flags.StringVar(&explained, "explained", "tools/mutation/explained.txt", "the file that says why mutants survive")
	flags.Func("only", "play only mutants whose line in the report matches", pointer(&o.only))
	flags.Func("skip", "leave out tests whose package, a dot and name match", pointer(&o.skip))
	flags.Func("then", "packages, with commas between, whose tests the survivors face; of ./one:Regexp those that match", func(text string) (err error) {
		o.then, err = parseThen(text)
		return err
	})
	if err := flags.Parse(args); err != nil {
		return false, err
	}
	if o.packages = flags.Args(); len(o.packages) == 0 {
		o.packages = []string{"."}
	}
	if info, err := os.Stderr.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
		o.progress = stderr
	}
	if *isVerbose {
		o.survivors = stderr
	}
	found, err := o.run(ctx)
	if err != nil {
		return false, err
	}
	if found.explained, err = readExplanations(explained); err != nil {
		return false, err
	}
	if o.number != 0 && len(found.outcomes) > 0 {
		fmt.Fprintf(stdout, "%s\n", found.outcomes[0].output)
	}
	if output != "" {
		var text strings.Builder
		if err := errors.Join(found.write(&text), os.WriteFile(output, []byte(text.String()), 0o600)); err != nil {
			return false, err
		}
	}
	return found.hasFailed(), found.write(stdout)
}

func pointer(to **regexp.Regexp) func(string) error {
	return func(text string) (err error) {
		*to, err = regexp.Compile(text)
		return err
	}
}

func parseThen(text string) (all []further, err error) {
	for one := range strings.SplitSeq(text, ",") {
		pkg, only, _ := strings.Cut(one, ":")
		f := further{pkg: pkg}
		if only != "" {
			if f.only, err = regexp.Compile(only); err != nil {
				return nil, err
			}
		}
		all = append(all, f)
	}
	return all, nil
}
