// Package license reads the text of a license of the third format (from 6.5): RCV3_ and a JWT. Whether it is signed is the server's to say.
package license

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"
)

// License is what a license says, in a text or as licenses.info shows it.
type License struct {
	Information struct {
		ID        string `json:"id"`
		CreatedAt string `json:"createdAt"`
		Trial     bool   `json:"trial"`
		Offline   bool   `json:"offline"` // it forbids a server of 8.7 and later to ask the Cloud
	} `json:"information"`
	Validation struct {
		ServerURLs   []ServerURL `json:"serverUrls"`
		ValidPeriods []Period    `json:"validPeriods"`
	} `json:"validation"`
	GrantedModules []Module `json:"grantedModules"`
}

// ServerURL is an address that a license is for.
type ServerURL struct {
	Value string `json:"value"`
	Type  string `json:"type"` // "url", "regex" or "hash"
}

// Period is a time in which a license counts, or some of its modules.
type Period struct {
	ValidFrom       string `json:"validFrom"`
	ValidUntil      string `json:"validUntil"`
	InvalidBehavior string `json:"invalidBehavior"`
}

// Module is a module that a license grants.
type Module struct {
	Module string `json:"module"`
}

// Read reads a license text; nil for one of another form, such as the second, which has no dots and only servers can decrypt.
func Read(text string) *License {
	parts := strings.Split(strings.TrimSpace(text), ".")
	if len(parts) != 3 {
		return nil
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return nil
	}
	var read License
	if json.Unmarshal(payload, &read) != nil {
		return nil
	}
	return &read
}

// Unusable says why a text can be no license; empty where it may be one. Of the second format, which has no dots, only a server can tell.
func Unusable(text string) string {
	marked, read := strings.HasPrefix(text, "RCV3_"), Read(text)
	switch {
	case marked && read == nil:
		return "it begins as a license does, and cannot be read: it is cut off or was changed"
	case marked && len(read.Validation.ServerURLs)+len(read.Validation.ValidPeriods)+len(read.GrantedModules) == 0 && read.Information.ID == "":
		return "it has nothing of a license in it: no name, no addresses, no periods and no modules"
	case !marked && strings.Count(text, ".") == 2:
		return "it is a token of another product: a license begins with RCV3_"
	}
	return ""
}

// Expires is when the last part of it ends; zero when it does not say.
func (l *License) Expires() (last time.Time) {
	for _, period := range l.Validation.ValidPeriods {
		if until := instant(period.ValidUntil); until.After(last) {
			last = until
		}
	}
	return last
}

// Modules are those that it grants, sorted.
func (l *License) Modules() []string {
	modules := make([]string, 0, len(l.GrantedModules))
	for _, granted := range l.GrantedModules {
		modules = append(modules, granted.Module)
	}
	slices.Sort(modules)
	return slices.Compact(modules)
}

// Addresses are those that it is for, as it writes them.
func (l *License) Addresses() []string {
	addresses := make([]string, 0, len(l.Validation.ServerURLs))
	for _, server := range l.Validation.ServerURLs {
		addresses = append(addresses, server.Value)
	}
	return addresses
}

// Same reports whether two are the same license: by its name, what it grants and until when.
func (l *License) Same(other *License) bool {
	untils := func(l *License) (all []string) {
		for _, period := range l.Validation.ValidPeriods {
			all = append(all, period.ValidUntil)
		}
		return all
	}
	return l.Information == other.Information && reflect.DeepEqual(l.GrantedModules, other.GrantedModules) && slices.Equal(untils(l), untils(other))
}

// Against says why the license does not count at an address and a time; empty where nothing is known to speak against it. An empty address is not judged.
func (l *License) Against(address string, now time.Time) []string {
	var reasons []string
	for _, period := range l.Validation.ValidPeriods {
		if period.InvalidBehavior == "disable_modules" {
			continue // the rest of it counts
		}
		from, until := instant(period.ValidFrom), instant(period.ValidUntil)
		switch {
		case now.Before(from):
			reasons = append(reasons, "it counts from "+from.UTC().Format(time.DateOnly)+" on")
		case !until.IsZero() && now.After(until):
			reasons = append(reasons, "it ended on "+until.UTC().Format(time.DateOnly))
		}
	}
	if address != "" && len(l.Validation.ServerURLs) > 0 && !slices.ContainsFunc(l.Validation.ServerURLs, func(s ServerURL) bool { return s.fits(address) }) {
		reasons = append(reasons, fmt.Sprintf("it is for %s, and the workspace's address is %s", strings.Join(l.Addresses(), ", "), address))
	}
	return reasons
}

// fits reports whether an address may be the one that is meant. What only a server can compare, such as a hash, fits.
func (s ServerURL) fits(address string) bool {
	host := bare(address)
	switch s.Type {
	case "url":
		return strings.EqualFold(bare(s.Value), host)
	case "regex":
		pattern, err := regexp.Compile("(?i)^(?:" + s.Value + ")$")
		return err != nil || pattern.MatchString(host) || pattern.MatchString(address)
	}
	return true
}

// bare is an address without scheme and trailing slash.
func bare(address string) string {
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		address = u.Host + u.Path
	}
	return strings.TrimSuffix(address, "/")
}

// instant reads a time; zero when there is none.
func instant(text string) time.Time {
	at, _ := time.Parse(time.RFC3339, text)
	return at.UTC()
}
