package bars

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

// element is an element of a drawing with what is asked of it.
type element struct {
	name, class, width, text string
}

// elements reads a drawing, and fails when it is no well-formed XML, or can load or run something.
func elements(t *testing.T, svg []byte) []element {
	t.Helper()
	var all []element
	decoder := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatalf("%v in %s", err, svg)
		}
		switch token := token.(type) {
		case xml.StartElement:
			found := element{name: token.Name.Local}
			for _, a := range token.Attr {
				switch name := a.Name.Local; {
				case name == "class":
					found.class = a.Value
				case name == "width":
					found.width = a.Value
				case name == "href", strings.HasPrefix(name, "on"):
					t.Errorf("<%s> has %s=%q", token.Name.Local, name, a.Value)
				}
			}
			if found.name == "script" || found.name == "image" {
				t.Errorf("there is a <%s>", found.name)
			}
			all = append(all, found)
		case xml.CharData:
			if len(all) > 0 {
				all[len(all)-1].text += strings.TrimSpace(string(token))
			}
		}
	}
}

func texts(all []element, name string) []string {
	var found []string
	for _, e := range all {
		if e.name == name {
			found = append(found, e.text)
		}
	}
	return found
}

func bodies(all []element) []string {
	var found []string
	for _, e := range all {
		if e.name == "rect" && e.class != "page" {
			found = append(found, e.class+" "+e.width)
		}
	}
	return found
}

func TestSVG(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		rows []Row
		want []string // class and width of each bar
	}{
		"none":                {nil, nil},
		"nothing to see":      {[]Row{{Label: "a"}}, []string{"bar 0"}},
		"below nothing":       {[]Row{{Value: -1, Mark: 1}}, []string{"bar 0"}},
		"the longest one":     {[]Row{{Value: 4}, {Value: 1}}, []string{"bar 260", "bar 65"}},
		"a mark further away": {[]Row{{Value: 1, Mark: 2}}, []string{"bar 130"}},
		"to compare with":     {[]Row{{Value: 1, Beside: true}}, []string{"beside 260"}},
		"a broken promise":    {[]Row{{Value: 1, Beside: true, Broken: true}}, []string{"broken 260"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			svg, err := Chart{Title: "T", Rows: test.rows}.SVG()
			if err != nil {
				t.Fatal(err)
			}
			if got := bodies(elements(t, svg)); strings.Join(got, ",") != strings.Join(test.want, ",") {
				t.Errorf("the bars are %q, want %q", got, test.want)
			}
		})
	}
}

func TestSVGSaysWhatItShows(t *testing.T) {
	t.Parallel()
	chart := Chart{
		Title: "Bits & <pieces>", Mark: "promised: < 2",
		Rows: []Row{{Label: "a<script>b", Value: 1, Text: `"1"`, Mark: 2}, {Label: "c", Value: 3, Text: "3"}},
	}
	svg, err := chart.SVG()
	if err != nil {
		t.Fatal(err)
	}
	all := elements(t, svg)
	if got, want := chart.Says(), `Bits & <pieces>. a<script>b: "1"; c: 3.`; got != want {
		t.Errorf("it says %q, want %q", got, want)
	}
	for name, want := range map[string]string{
		"title": "Bits & <pieces>",
		"desc":  chart.Says() + " Marks: promised: < 2.",
		"text":  `Bits & <pieces>,a<script>b,"1",c,3,promised: < 2`,
	} {
		if got := strings.Join(texts(all, name), ","); got != want {
			t.Errorf("<%s> is %q, want %q", name, got, want)
		}
	}
	if !bytes.Contains(svg, []byte("prefers-color-scheme:dark")) {
		t.Error("it has no colours for a dark page")
	}
}
