package cli_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/registrationtest"
)

func documentation(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../../../docs/cli.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The objects of docs/cli.md have the fields, the types and the words of those that the commands print.
func TestDocumentedJSON(t *testing.T) {
	t.Parallel()
	documented := map[string]string{}
	for _, block := range regexp.MustCompile("(?s)\n### ([^\n]+)\n\n```json\n(.*?)\n```").FindAllStringSubmatch(documentation(t), -1) {
		documented[strings.Trim(block[1], "`")] = block[2]
	}
	printed := map[string]func(*testing.T) string{
		"An error": func(t *testing.T) string { return newBench(t, "6.4.0").line(byEmail).stdout },
		"rcreg status": func(t *testing.T) string {
			b := newBench(t, "6.4.0")
			freshToken(b)
			b.must(0, "register")
			return b.line("status --output json").stdout
		},
		"rcreg register": func(t *testing.T) string {
			b := newBench(t, "6.4.0")
			freshToken(b)
			return b.line("register --output json").stdout
		},
		"rcreg capabilities": func(t *testing.T) string { return newBench(t, "6.4.0").line("capabilities --output json").stdout },
		"rcreg support": func(t *testing.T) string {
			b := newBench(t, "9.0.0")
			fakeSupport(b)
			return b.line("support --output json").stdout
		},
		"rcreg doctor": func(t *testing.T) string {
			b := newBench(t, "9.0.0")
			fakeSupport(b)
			return b.line("doctor --output json").stdout
		},
		"rcreg license show": func(t *testing.T) string {
			b := newBench(t, "9.0.0")
			licenseOnStdin(b)
			b.must(0, "license", "apply", "--file", "-")
			return b.line("license show --output json").stdout
		},
		"rcreg offline request": func(t *testing.T) string { return newBench(t, "6.13.0").line(offlineRequest).stdout },
		"rcreg offline status": func(t *testing.T) string {
			b := newBench(t, "6.13.0")
			asked(b)
			return b.line(offlineStatus).stdout
		},
		"rcreg offline withdraw": func(t *testing.T) string {
			b := newBench(t, "6.13.0")
			asked(b)
			return b.line("offline withdraw --output json --exchange EXCHANGE --request " + b.requestID()).stdout
		},
		"rcreg courier run": func(t *testing.T) string { return newGap(t).courier("", "--output", "json").stdout },
		"rcreg courier settle": func(t *testing.T) string {
			g := newGap(t)
			g.inDoubt()
			return g.run("courier", "settle", "--request", g.request, "--unspent", "--yes", "--output", "json").stdout
		},
		"rcreg fleet register": func(t *testing.T) string {
			return newFleetBench(t, 10).line("register --file LIST --tokens POOL --select version=9.0.0 --journal DIR/j --report DIR/r.html --output json").stdout
		},
		"rcreg demo": func(t *testing.T) string {
			return emptyBench(t, registrationtest.NewClock(testStart)).line("demo --output json").stdout
		},
		"rcreg version": func(t *testing.T) string {
			return emptyBench(t, registrationtest.NewClock(testStart)).line("version --output json").stdout
		},
		"rcreg sim": func(t *testing.T) string {
			sim := simulate(t, "--output", "json")
			defer sim.end()
			return sim.until(t, "\n")
		},
	}
	if got, want := slices.Sorted(maps.Keys(documented)), slices.Sorted(maps.Keys(printed)); !slices.Equal(got, want) {
		t.Fatalf("documented are %q, want %q", got, want)
	}
	for name, object := range documented {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			output := printed[name](t)
			want, got := fields(t, object), fields(t, output)
			if !slices.Equal(got, want) {
				t.Errorf("printed\n%s\ndocumented\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
			if problem := unfit("", "", decoded(t, object), decoded(t, output)); problem != "" {
				t.Errorf("%s is documented otherwise than it is printed: %s", problem, output)
			}
		})
	}
}

// fields lists the paths and types of all values in a JSON text, those of lists once.
func fields(t *testing.T, text string) []string {
	t.Helper()
	found := map[string]bool{}
	var walk func(path string, value any)
	walk = func(path string, value any) {
		switch value := value.(type) {
		case map[string]any:
			for name, inner := range value {
				walk(path+"."+name, inner)
			}
		case []any:
			for _, inner := range value {
				walk(path+"[]", inner)
			}
		default:
			found[fmt.Sprintf("%s %T", path, value)] = true
		}
	}
	walk("", decoded(t, text))
	return slices.Sorted(maps.Keys(found))
}

func decoded(t *testing.T, text string) (value any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return value
}

// unfit is where a documented value is not one that was printed, but for what is another in each run; empty where all fits. Each element of a documented list must be in the printed one.
func unfit(path, name string, documented, printed any) string {
	if isOfOneRun(name) {
		return ""
	}
	switch documented := documented.(type) {
	case map[string]any:
		printed, _ := printed.(map[string]any)
		for name, value := range documented {
			if problem := unfit(path+"."+name, name, value, printed[name]); problem != "" {
				return problem
			}
		}
	case []any:
		printed, _ := printed.([]any)
		for _, value := range documented {
			if !slices.ContainsFunc(printed, func(other any) bool { return unfit("", name, value, other) == "" }) {
				return fmt.Sprintf("%s[] with %v", path, value)
			}
		}
	default:
		if documented != printed && name != "error" { // a sentence, with ids in it; elsewhere an object
			return fmt.Sprintf("%s %v", path, documented)
		}
	}
	return ""
}

// isOfOneRun reports whether a field of this name has another value in each run, or on each machine.
func isOfOneRun(name string) bool {
	switch name {
	case "workspace", "workspace_id", "unique_id", "email", "version", "url", "workspace_url", "cloud_url", "user_id", "auth_token", "password", "registration_tokens",
		"support_key", "seed", "revision", "go", "request", "file", "carried", "report", "journal", "user_code", "message", "advice", "ticket_file", "verification_url",
		"took_ns", "created", "began", "until", "issued", "support_until", "tokens_left":
		return true
	}
	return false
}

func TestDocumentedKinds(t *testing.T) {
	t.Parallel()
	rows := regexp.MustCompile("\n\\| `([a-z_]+)` \\| [0-5] \\|").FindAllStringSubmatch(documentation(t), -1)
	documented := make([]string, 0, len(rows))
	for _, row := range rows {
		documented = append(documented, row[1])
	}
	slices.Sort(documented)
	var kinds []string
	for _, kind := range failure.All() {
		kinds = append(kinds, kind.Name())
	}
	slices.Sort(kinds)
	kinds = slices.Compact(kinds) // a narrower kind may share the name of the broader one
	if !slices.Equal(documented, kinds) {
		t.Errorf("documented %q, known %q", documented, kinds)
	}
}

// Every variable and command that the help knows is documented.
func TestDocumentedNames(t *testing.T) {
	t.Parallel()
	text := documentation(t)
	b := emptyBench(t, registrationtest.NewClock(testStart))
	help := b.must(0, "--help").stdout + b.must(0, "support", "--help").stdout + b.must(0, "courier", "run", "--help").stdout +
		b.must(0, "register", "--help").stdout
	for _, name := range regexp.MustCompile(`RCREG_[A-Z0-9_]+`).FindAllString(help, -1) {
		if !strings.Contains(text, "`"+name+"`") {
			t.Errorf("%s is not documented", name)
		}
	}
}
