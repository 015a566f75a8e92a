package licenses

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// License is what a fake server reads in a license of the third format. Its claims are all of it, as licenses.info shows it.
type License struct {
	claims  map[string]any
	content content
}

type content struct {
	Information struct {
		Offline bool `json:"offline"`
	} `json:"information"`
	Validation struct {
		ServerURLs []struct {
			Value string `json:"value"`
			Type  string `json:"type"` // "url", "regex" or "hash"
		} `json:"serverUrls"`
		ValidPeriods []period `json:"validPeriods"`
	} `json:"validation"`
	GrantedModules []struct {
		Module string `json:"module"`
	} `json:"grantedModules"`
}

type period struct {
	InvalidBehavior string     `json:"invalidBehavior"` // "disable_modules", or "invalidate_license"
	Modules         []string   `json:"modules"`
	ValidFrom       *time.Time `json:"validFrom"`
	ValidUntil      *time.Time `json:"validUntil"`
}

// reason says why a license, or a part of it, does not count here.
type reason struct {
	behavior string // what the license asks for in that case
	because  string // "url" or "period"
	modules  []string
}

// Parse reads a license whose signature has been verified: a prefix and a JWT. Without such a payload it is empty.
func Parse(text string) *License {
	l := &License{claims: map[string]any{}}
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return l
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return l
	}
	_ = json.Unmarshal(payload, &l.claims)  // an odd license grants nothing
	_ = json.Unmarshal(payload, &l.content) // the same
	return l
}

// Counts reports whether the license counts at all at an address and a time; modules of it may be out of time all the same.
func (l *License) Counts(address string, now time.Time) bool { return valid(l.reasons(address, now)) }

// Offline reports whether the license forbids the workspace to talk to the Cloud.
func (l *License) Offline() bool { return l.content.Information.Offline }

// reasons returns what speaks against a license at an address and a time.
func (l *License) reasons(address string, now time.Time) []reason {
	var all []reason
	if !l.isFor(address) {
		all = append(all, reason{behavior: "invalidate_license", because: "url"})
	}
	for _, p := range l.content.Validation.ValidPeriods {
		early := p.ValidFrom != nil && now.Before(*p.ValidFrom)
		late := p.ValidUntil != nil && now.After(*p.ValidUntil)
		if early || late {
			all = append(all, reason{behavior: p.InvalidBehavior, because: "period", modules: p.Modules})
		}
	}
	return all
}

func (l *License) isFor(address string) bool {
	host := address
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		host = u.Host + u.Path
	}
	for _, pattern := range l.content.Validation.ServerURLs {
		switch pattern.Type {
		case "regex":
			if match(pattern.Value, host) {
				return true
			}
		default:
			if strings.TrimSuffix(pattern.Value, "/") == strings.TrimSuffix(host, "/") || pattern.Value == address {
				return true
			}
		}
	}
	return false
}

// match takes "*" for any address, as older licenses write it.
func match(pattern, host string) bool {
	expression, err := regexp.Compile("^(?:" + strings.ReplaceAll(pattern, "**", "*") + ")$")
	if err != nil {
		return pattern == "*"
	}
	return expression.MatchString(host)
}

// valid reports whether the license counts at all; a period may take modules alone from it.
func valid(reasons []reason) bool {
	for _, r := range reasons {
		if r.behavior == "invalidate_license" {
			return false
		}
	}
	return true
}

// modules returns what the license grants, without what its periods have taken away.
func (l *License) modules(reasons []reason) []any {
	lost := map[string]bool{}
	for _, r := range reasons {
		for _, module := range r.modules {
			lost[module] = true
		}
	}
	granted := []any{}
	for _, m := range l.content.GrantedModules {
		if !lost[m.Module] {
			granted = append(granted, m.Module)
		}
	}
	return granted
}

// expiry is the last day of the license, as the second format writes it.
func (l *License) expiry() string {
	for _, p := range l.content.Validation.ValidPeriods {
		if p.ValidUntil != nil {
			return p.ValidUntil.UTC().Format(time.DateOnly)
		}
	}
	return ""
}
