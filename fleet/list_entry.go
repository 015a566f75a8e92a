package fleet

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v4"

	"github.com/rcreg/registration/workspace"
)

// entry is a workspace, or the defaults, as they are written.
type entry struct {
	line         int
	url, via     string
	urlLine      int
	token, login pair
	plainHTTP    bool
	hasPlainHTTP bool
	labels       map[string]string
}

// pair is a user with a secret, as they are written.
type pair struct {
	userKey, secretKey string
	of                 func(user, secret string) workspace.Credentials

	user               string
	secret             Reference
	line               int  // of the secret
	written            bool // a part of it is there, be it right or wrong
	badUser, badSecret bool // what is wrong with it is noted
}

// readUser takes the first half.
func (p *pair) readUser(r *reader, node *yaml.Node) {
	p.user, p.written = r.short(p.userKey, node), true
	p.badUser = p.user == ""
}

// readSecret takes the second half.
func (p *pair) readSecret(r *reader, node *yaml.Node) {
	p.secret, p.line, p.written = r.reference(p.secretKey, node), node.Line, true
	p.badSecret = p.secret.IsZero()
}

const (
	maxText   = 1024 // bytes of a URL, a user or a path
	maxLabels = 32
	maxLabel  = 128 // bytes of a key or a value
)

// entry reads the keys that defaults and workspaces have in common.
func (r *reader) entry(node *yaml.Node, what string) entry {
	e := entry{
		line:  node.Line,
		token: pair{userKey: "user_id", secretKey: "auth_token", of: workspace.Token},
		login: pair{userKey: "user", secretKey: "password", of: workspace.Password},
	}
	r.each(node, what, func(key string, value *yaml.Node) bool {
		switch key {
		case "url":
			e.url, e.urlLine = r.short(key, value), value.Line
		case "via":
			e.via = r.oneOf(key, value, ViaDirect, ViaRelay)
		case "plain_http":
			e.plainHTTP, e.hasPlainHTTP = r.oneOf(key, value, "true", "false") == "true", true
		case "user_id":
			e.token.readUser(r, value)
		case "auth_token":
			e.token.readSecret(r, value)
		case "user":
			e.login.readUser(r, value)
		case "password":
			e.login.readSecret(r, value)
		case "labels":
			e.labels = r.readLabels(value)
		default:
			return key == "name" && what == aWorkspace // it is read before the others
		}
		return true
	})
	if e.token.written && e.login.written {
		r.note(e.line, what+" has both user_id with auth_token, and user with password: keep one pair")
		for _, p := range []*pair{&e.token, &e.login} {
			p.badUser, p.badSecret = true, true
		}
	}
	return e
}

// short reads a text of one line.
func (r *reader) short(key string, node *yaml.Node) string {
	text := r.text(key, node)
	if len(text) > maxText || strings.ContainsFunc(text, func(c rune) bool { return !unicode.IsPrint(c) }) {
		r.note(node.Line, key+" is too long, or holds line ends or control characters")
		return ""
	}
	return text
}

func (r *reader) readLabels(node *yaml.Node) map[string]string {
	labels := map[string]string{}
	r.each(node, "labels", func(key string, value *yaml.Node) bool {
		text := r.short("a label", value)
		if text != "" && (len(text) > maxLabel || !isLabelKey(key)) {
			r.note(value.Line, fmt.Sprintf("a label has a key of letters, digits, dots, dashes, slashes and underlines, and both have at most %d bytes", maxLabel))
		}
		labels[key] = text
		return true
	})
	if len(labels) > maxLabels {
		r.note(node.Line, fmt.Sprintf("there are more than %d labels", maxLabels))
	}
	return labels
}

func isLabelKey(key string) bool { return isMadeOf(key, letters+digits+"._-/") && len(key) <= maxLabel }

const (
	letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	digits  = "0123456789"
)

func isMadeOf(text, characters string) bool {
	return text != "" && strings.Trim(text, characters) == ""
}

// isName reports whether a text can name a workspace: it may become a part of a path, where a dot at the beginning would be dangerous.
func isName(text string) bool {
	return len(text) <= 64 && isMadeOf(text, letters+digits+"._-") && isMadeOf(text[:1], letters+digits)
}

// shared returns the labels of a workspace with those of the defaults: one map for all that have the same.
func (r *reader) shared(labels, defaults map[string]string) map[string]string {
	if len(labels)+len(defaults) == 0 {
		return nil
	}
	all := make(map[string]string, len(labels)+len(defaults))
	maps.Copy(all, defaults)
	maps.Copy(all, labels)
	parts := make([]string, 0, len(all))
	for key, value := range all {
		parts = append(parts, key+"\n"+value)
	}
	slices.Sort(parts)
	text := strings.Join(parts, "\n")
	if known, ok := r.labels[text]; ok {
		return known
	}
	r.labels[text] = all
	return all
}
