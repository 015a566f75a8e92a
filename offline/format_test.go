package offline

import (
	"encoding/json"
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"filippo.io/age"
)

// exampleIn returns the block of the documentation that follows <!-- example: name -->.
func exampleIn(t *testing.T, name string) string {
	t.Helper()
	text := load(t, "../docs/exchange-format.md")
	_, rest, ok := strings.Cut(text, "<!-- example: "+name+" -->\n```")
	if !ok {
		t.Fatalf("the documentation has no example %s", name)
	}
	_, rest, _ = strings.Cut(rest, "\n")
	block, _, ok := strings.Cut(rest, "\n```")
	if !ok {
		t.Fatalf("the example %s has no end", name)
	}
	return block
}

// TestTheExamplesOfTheDocumentation takes them over the gap.
func TestTheExamplesOfTheDocumentation(t *testing.T) {
	t.Parallel()
	r, err := ParseRequest([]byte(exampleIn(t, "request")))
	must(t, err)
	if want := example(t).request; r.Digest() != want.Digest() || !strings.Contains(load(t, "../docs/exchange-format.md"), r.Digest()+"  -") {
		t.Errorf("the request is %v, with the digest %s", r, r.Digest())
	}
	identity, err := age.ParseX25519Identity(exampleIn(t, "key"))
	must(t, err)
	content, err := parseAnswer([]byte(exampleIn(t, "answer")))
	must(t, err)
	must(t, content.isFor(r))
	answer, err := content.open(r, identity)
	must(t, err)
	if !answer.Sealed() || answer.Grant().ClientID != "client-1" {
		t.Errorf("the answer is %v", answer)
	}
	p, err := readPasted([]byte(exampleIn(t, "code")), r)
	must(t, err)
	if p.CloudBlob != answer.Grant().Blob() || !p.InClear {
		t.Error("the code is not that of the answer")
	}
	tokens, err := ParseTokens([]byte(exampleIn(t, "tokens")))
	must(t, err)
	if got := tokens.forWorkspace(r.Workspace()); got.token.Reveal() != "token-from-the-console-2" || got.shared {
		t.Errorf("the token is %q", got.token.Reveal())
	}
}

func TestTheSchema(t *testing.T) {
	t.Parallel()
	s := readSchema(t)
	for _, name := range []string{"request", "answer"} {
		good := exampleIn(t, name)
		if problems := s.check(s.root, decode(t, good)); len(problems) > 0 {
			t.Errorf("the %s does not fit: %v", name, problems)
		}
		for _, bad := range []string{
			strings.Replace(good, `"version": 1`, `"version": 2`, 1),
			strings.Replace(good, `"format"`, `"shape"`, 1),
			strings.Replace(good, "k5d2m7q3w4xy6zab", "../../etc/passwd", 1),
			strings.Replace(good, `"nonce": "0`, `"nonce": "x`, 1),
			strings.Replace(good, `"unique_id": "unique-1"`, `"unique_id": ""`, 1),
			strings.Replace(good, `"kind": "`, `"kind": "other-`, 1),
			strings.Replace(good, `Z"`, `"`, 1),
		} {
			if bad == good || len(s.check(s.root, decode(t, bad))) == 0 {
				t.Errorf("a bad %s fits:\n%s", name, bad)
			}
		}
	}
	p := payload{RequestSHA256: strings.Repeat("0", 64), CloudBlob: "x"}
	if problems := s.check(s.definition("payload"), decode(t, string(mustMarshal(t, p)))); len(problems) > 0 {
		t.Errorf("a payload does not fit: %v", problems)
	}
}

// TestTheSchemaNamesEachField compares it with what the code writes.
func TestTheSchemaNamesEachField(t *testing.T) {
	t.Parallel()
	s := readSchema(t)
	for name, value := range map[string]any{"request": requestContent{}, "answer": answerContent{}, "payload": payload{}, "workspace": Workspace{}} {
		fields := reflect.TypeOf(value).NumField()
		names, required := make([]string, 0, fields), make([]string, 0, fields)
		for i := range fields {
			field := reflect.TypeOf(value).Field(i)
			key, option, _ := strings.Cut(field.Tag.Get("json"), ",")
			names = append(names, key)
			if option != "omitempty" {
				required = append(required, key)
			}
		}
		definition := s.definition(name)
		described := slices.Collect(maps.Keys(definition["properties"].(map[string]any)))
		if !sameSet(names, described) || !sameSet(required, texts(definition["required"])) {
			t.Errorf("%s: the code has %v and always writes %v; the schema has %v and requires %v", name, names, required, described, definition["required"])
		}
	}
}

func sameSet(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

func texts(list any) []string {
	items := list.([]any)
	all := make([]string, len(items))
	for i, item := range items {
		all[i] = item.(string)
	}
	return all
}

func decode(t *testing.T, text string) any {
	t.Helper()
	var value any
	must(t, json.Unmarshal([]byte(text), &value))
	return value
}

// schema is a JSON Schema, with the keywords that ours uses.
type schema struct{ root map[string]any }

func readSchema(t *testing.T) schema {
	t.Helper()
	text, err := os.ReadFile("../docs/exchange-format.schema.json")
	must(t, err)
	return schema{decode(t, string(text)).(map[string]any)}
}

func (s schema) definition(name string) map[string]any {
	return s.root["$defs"].(map[string]any)[name].(map[string]any)
}

// check lists what is wrong with a value. A keyword that it does not know is wrong as well, so that nothing goes unchecked.
func (s schema) check(rule map[string]any, value any) []string {
	var problems []string
	object, _ := value.(map[string]any)
	text, isText := value.(string)
	for keyword, want := range rule {
		ok := true
		switch keyword {
		case "$schema", "$id", "$defs", "title", "description":
		case "$ref":
			problems = append(problems, s.check(s.definition(strings.TrimPrefix(want.(string), "#/$defs/")), value)...)
		case "const":
			ok = value == want
		case "enum":
			ok = slices.Contains(want.([]any), value)
		case "type":
			_, isBool := value.(bool)
			ok = want == "object" && object != nil || want == "string" && isText || want == "boolean" && isBool
		case "required":
			for _, key := range texts(want) {
				_, has := object[key]
				ok = ok && has
			}
		case "properties":
			for key, rule := range want.(map[string]any) {
				if member, has := object[key]; has {
					problems = append(problems, s.check(rule.(map[string]any), member)...)
				}
			}
		case "oneOf":
			fits := 0
			for _, rule := range want.([]any) {
				if len(s.check(rule.(map[string]any), value)) == 0 {
					fits++
				}
			}
			ok = fits == 1
		case "pattern":
			ok = regexp.MustCompile(want.(string)).MatchString(text)
		case "minLength":
			ok = float64(len(text)) >= want.(float64)
		case "maxLength":
			ok = float64(len(text)) <= want.(float64)
		default:
			ok = false
		}
		if !ok {
			problems = append(problems, keyword)
		}
	}
	return problems
}
