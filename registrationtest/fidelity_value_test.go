package registrationtest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/rcreg/registration/registrationtest/internal/release"
)

// compare compares two JSON values: which keys there are, and the values that do not depend on the day.
func (p *play) compare(path string, want, got any) []string {
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			return []string{differs(path, want, got)}
		}
		return p.compareObjects(path, w, g)
	case []any:
		g, ok := got.([]any)
		if !ok || len(w) != len(g) {
			return []string{differs(path, want, got)}
		}
		var diffs []string
		for i := range w {
			diffs = append(diffs, p.compare(fmt.Sprintf("%s[%d]", path, i), w[i], g[i])...)
		}
		return diffs
	case string:
		if g, ok := got.(string); ok && p.sameText(path, w, g) && p.rightUniqueID(path, w, g) {
			return nil
		}
	case float64:
		if g, ok := got.(float64); ok && (w == g || volatile(path)) {
			return nil
		}
	default:
		if want == got {
			return nil
		}
	}
	return []string{differs(path, want, got)}
}

func (p *play) compareObjects(path string, want, got map[string]any) []string {
	diffs := compareKeys(path, slices.Collect(maps.Keys(want)), slices.Collect(maps.Keys(got)))
	for _, key := range slices.Sorted(maps.Keys(want)) {
		if value, ok := got[key]; ok {
			diffs = append(diffs, p.compare(path+"."+key, want[key], value)...)
		}
	}
	return diffs
}

func differs(path string, want, got any) string {
	return fmt.Sprintf("%s is %s, want %s", path, inShort(got), inShort(want))
}

// inShort is a value as JSON, cut in the middle when it is long.
func inShort(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	const most = 160
	if len(text) > 2*most {
		return string(text[:most]) + " … " + string(text[len(text)-most:])
	}
	return string(text)
}

// compareKeys compares which keys there are, in any order.
func compareKeys(name string, want, got []string) []string {
	var diffs []string
	for _, key := range slices.Sorted(slices.Values(want)) {
		if !slices.Contains(got, key) {
			diffs = append(diffs, fmt.Sprintf("%s has no %s", name, key))
		}
	}
	for _, key := range slices.Sorted(slices.Values(got)) {
		if !slices.Contains(want, key) {
			diffs = append(diffs, fmt.Sprintf("%s has an unexpected %s", name, key))
		}
	}
	return diffs
}

// bodyKeys lists the fields of a request to the Cloud.
func bodyKeys(call Exchange) []string {
	if media(call.Header.Get("Content-Type")) == "application/x-www-form-urlencoded" {
		form, err := url.ParseQuery(string(call.Body))
		if err != nil {
			return nil
		}
		return slices.Collect(maps.Keys(form))
	}
	var object map[string]any
	if json.Unmarshal(call.Body, &object) != nil {
		return nil
	}
	return slices.Collect(maps.Keys(object))
}

// volatile names values that depend on the day, the machine or chance: only their types are compared.
func volatile(path string) bool {
	if strings.Contains(path, ".license.information.") || strings.Contains(path, ".license.validation.") {
		return true // what is inside the license is its signer's
	}
	switch path[strings.LastIndexByte(path, '.')+1:] {
	case "uniqueId", "uniqueID", "session", "$date", "timeToReset", "hash", "timestamp", "address", "updatedAt", "expireAt",
		"date", "nodeVersion", "arch", "platform", "osRelease", "totalMemory", "freeMemory", "cpus", "marketplaceApiVersion",
		"workspaceUrl", "hashedWorkspaceUrl", "Cloud_Workspace_Registration_State", "Deployment_FingerPrint_Hash", "Cloud_Workspace_Had_Trial":
		return true
	}
	return false
}

// engine finds sentences of the JavaScript engine, of OpenSSL and of the database, which no client may rely on.
var engine = regexp.MustCompile(`Unexpected |Unterminated |Cannot read propert|Cannot destructure|is not valid JSON|` +
	`is not iterable|undefined is not|is not a function|error:[0-9A-F]{8}:|Expected property name`)

// sameText compares two strings, the recorded one and the fake's.
func (p *play) sameText(path, want, got string) bool {
	if volatile(path) {
		return true
	}
	want, got = p.clean(want), p.clean(got)
	if at := engine.FindStringIndex(want); at != nil {
		return strings.HasPrefix(got, want[:at[0]]) && len(got) > at[0]
	}
	return want == got
}

var (
	aUUID   = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	shortID = regexp.MustCompile(`^[2-9A-HJ-NP-Za-km-z]{17}$`)
)

// rightUniqueID reports whether unique ids, the recorded one and the fake's, have the form of the release.
func (p *play) rightUniqueID(path, want, got string) bool {
	if name := path[strings.LastIndexByte(path, '.')+1:]; name != "uniqueId" && name != "uniqueID" {
		return true
	}
	form := shortID
	if release.MustParse(p.scene.version).Since("6.5") {
		form = aUUID
	}
	return form.MatchString(want) && form.MatchString(got)
}

// The places of what differs from run to run in the recordings.
const (
	epoch     = "1970-01-01T00:00:00Z"
	epochLong = "1970-01-01T00:00:00.000Z"
	inCloud   = "http://127.0.0.1:<cloud>"
	inServer  = "http://localhost:<port>"
)

var (
	moment     = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z`)
	localhost  = regexp.MustCompile(`http://localhost:(\d+|<port>)`)
	oauthState = regexp.MustCompile(`([&?]state=)\w+`)
	payLink    = regexp.MustCompile(`<cloud>/(pay|billing/checkout)/[\w-]+`)
	aRandomID  = regexp.MustCompile(`^([2-9A-HJ-NP-Za-km-z]{17}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$`)
	waiting    = regexp.MustCompile(`wait \d+ seconds`)
	aLicense   = regexp.MustCompile(`RCV3_[\w.-]+`)
	aSupport   = regexp.MustCompile(`eyJ[\w-]+\.[\w-]+\.[\w-]+`)
)

// clean replaces what differs from run to run with what the recordings have in its place.
func (p *play) clean(text string) string {
	admin := p.workspace.Admin()
	text = strings.NewReplacer(p.cloud.URL(), inCloud, p.workspace.URL(), inServer, admin.UserID, "adminid",
		admin.AuthToken, "admin-token", epoch, epochLong).Replace(text)
	text = localhost.ReplaceAllString(text, inServer)
	text = oauthState.ReplaceAllString(text, "${1}<state>")
	text = payLink.ReplaceAllString(text, "<cloud>/<checkout>")
	text = aRandomID.ReplaceAllString(text, "<id>")
	text = waiting.ReplaceAllString(text, "wait N seconds")
	text = aLicense.ReplaceAllStringFunc(text, func(license string) string {
		for name, own := range p.licenses() {
			if license == own {
				return name
			}
		}
		return license
	})
	text = aSupport.ReplaceAllStringFunc(text, func(list string) string {
		if list == p.list {
			return "recorded-cloud-supported-versions"
		}
		return "recorded-build-supported-versions"
	})
	return moment.ReplaceAllStringFunc(text, func(at string) string {
		if at == epochLong {
			return at
		}
		return "<time>"
	})
}
