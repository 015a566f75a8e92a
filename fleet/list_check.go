package fleet

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/rcreg/registration/internal/httpclient"
	"github.com/rcreg/registration/workspace"
)

const (
	aWorkspace  = "a workspace"
	nameInTexts = "{name}" // in texts of the defaults, stands for the name of the workspace
)

// defaults reads what holds for all workspaces that do not say otherwise. What is wrong with a secret that all share is noted here, once.
func (r *reader) defaults(node *yaml.Node) entry {
	d := r.entry(node, "defaults")
	for _, p := range []*pair{&d.token, &d.login} {
		if p.secret.IsZero() || p.secret.isPerName() {
			continue
		}
		before := len(r.problems)
		p.secret = r.checkSecret(*p, "")
		p.badSecret = p.badSecret || len(r.problems) > before
	}
	return d
}

// workspace reads and checks one workspace. What it returns counts only when nothing was noted.
func (r *reader) workspace(node *yaml.Node, defaults entry) Workspace {
	r.who = ""
	name := r.name(node)
	r.who = name
	defer func() { r.who = "" }()
	e := r.entry(node, aWorkspace)
	w := Workspace{Name: name, Line: e.line, Via: cmp.Or(e.via, defaults.via, ViaDirect), PlainHTTP: e.plainHTTP, Labels: r.shared(e.labels, defaults.labels)}
	if !e.hasPlainHTTP {
		w.PlainHTTP = defaults.plainHTTP
	}
	if e.urlLine == 0 {
		e.url, e.urlLine = strings.ReplaceAll(defaults.url, nameInTexts, name), e.line
	}
	w.URL = r.address(e, w.PlainHTTP)
	r.credentials(&w, e, defaults)
	return w
}

// name reads the name of a workspace, before all that is noted under it.
func (r *reader) name(node *yaml.Node) string {
	var name string
	for i := 0; node.Kind == yaml.MappingNode && i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value != "name" {
			continue
		}
		value := node.Content[i+1]
		if name = r.text("name", value); name == "" {
			return ""
		}
		if !isName(name) {
			r.note(value.Line, "name is not made of 1 to 64 letters, digits, dots, dashes and underlines, beginning with a letter or a digit")
			return ""
		}
		if line, ok := r.names[name]; ok {
			r.note(value.Line, fmt.Sprintf("the name %s is taken by the workspace on line %d", name, line))
			return name
		}
		r.names[name] = node.Line
		return name
	}
	r.note(node.Line, "a workspace has no name")
	return ""
}

// address checks the address of a workspace, and returns it as the client will use it.
func (r *reader) address(e entry, plainHTTP bool) string {
	if e.url == "" {
		r.note(e.urlLine, "url is missing")
		return ""
	}
	parsed, err := httpclient.ParseAddress(e.url, plainHTTP)
	var address *httpclient.AddressError
	if errors.As(err, &address) {
		problem := address.Problem
		if address.PlainHTTP {
			problem += "; write https, or set plain_http: true where the network is trusted"
		}
		r.note(e.urlLine, "url: "+problem)
		return ""
	}
	site := siteOf(parsed.String())
	if line, ok := r.addresses[site]; ok {
		r.note(e.urlLine, fmt.Sprintf("the workspace on line %d has the same url", line))
		return ""
	}
	r.addresses[site] = e.line
	return parsed.String()
}

// siteOf is an address without the port that its scheme implies.
func siteOf(address string) string {
	scheme, rest, _ := strings.Cut(address, "://")
	authority, path, _ := strings.Cut(rest, "/")
	port := ":443"
	if scheme == "http" {
		port = ":80"
	}
	return scheme + "://" + strings.TrimSuffix(authority, port) + "/" + path
}

// credentials picks the pair of a workspace, its own or that of the defaults.
func (r *reader) credentials(w *Workspace, e, defaults entry) {
	switch {
	case e.token.written, !e.login.written && defaults.token.written:
		w.UserID, w.AuthToken = r.pair(e.token, defaults.token, w)
	case e.login.written, defaults.login.written:
		w.User, w.Password = r.pair(e.login, defaults.login, w)
	default:
		r.note(w.Line, "it has no credentials: write user_id and auth_token, or user and password")
	}
}

// pair fills what a pair lacks from the defaults, and checks both halves.
func (r *reader) pair(own, shared pair, w *Workspace) (string, Reference) {
	if own.user == "" && !own.badUser {
		own.user, own.badUser = strings.ReplaceAll(shared.user, nameInTexts, w.Name), shared.badUser
	}
	if !own.badUser {
		r.checkUser(own, w.Line)
	}
	if !own.secret.IsZero() || own.badSecret {
		return own.user, r.checkSecret(own, w.Name)
	}
	if !shared.badSecret && shared.secret.IsZero() {
		r.note(w.Line, own.secretKey+" is missing")
	}
	if !shared.secret.isPerName() { // those are the same for all, and were looked at
		return own.user, shared.secret
	}
	shared.line = w.Line
	return own.user, r.checkSecret(shared, w.Name)
}

func (r *reader) checkUser(p pair, line int) {
	if p.user == "" {
		r.note(line, p.userKey+" is missing")
	} else if err := check(p.of(p.user, "x")); err != nil {
		r.note(line, err.Error())
	}
}

// checkSecret looks whether the secret of a workspace is there, and returns where.
func (r *reader) checkSecret(p pair, name string) Reference {
	ref := p.secret.in(r.dir, name)
	if r.unresolved || p.badSecret || name == "" && p.secret.isPerName() {
		return ref
	}
	if err := p.look(ref); err != nil {
		r.note(p.line, p.secretKey+": "+err.Error())
	}
	return ref
}

// look reports whether a reference leads to a secret that can be sent. A pipe gives its text only once, so that it is left to Workspace.Open.
func (p pair) look(ref Reference) error {
	if info, err := os.Stat(ref.File); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		return nil
	}
	found, err := ref.Read()
	if err != nil {
		return err
	}
	return check(p.of("x", found.Reveal()))
}

// check asks the client what it would say to credentials. Its error is put into words that fit a list.
func check(credentials workspace.Credentials) error {
	_, err := workspace.New("https://localhost", credentials, workspace.WithRoundTripper(http.DefaultTransport))
	var refused *workspace.Error
	if errors.As(err, &refused) && refused.Err != nil {
		return refused.Err
	}
	return err
}
