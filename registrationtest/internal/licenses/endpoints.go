package licenses

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/rcreg/registration/registrationtest/internal/release"
	"github.com/rcreg/registration/registrationtest/internal/server"
)

// Register adds the endpoints of the release: none before 3.10.
func (m *Manager) Register(srv *server.Server) {
	rel := m.Release
	if rel.Before("3.10") {
		return
	}
	declared := rel.Has(release.WholeRefusals)
	srv.AddEndpoint(server.Endpoint{
		Path: "licenses.add", Verb: http.MethodPost, Permission: "edit-privileged-setting", Declared: declared,
		Schema: rel.Has(release.LicenseSchemas),
		Check:  m.checkText, Run: m.add,
	})
	if rel.Since("4.0") {
		srv.AddEndpoint(server.Endpoint{Path: "licenses.maxActiveUsers", Verb: http.MethodGet, Run: m.maxActiveUsers})
	}
	if rel.Since("5.0") && !rel.Has(release.OnlyLicensesInfo) {
		srv.AddEndpoint(server.Endpoint{
			Path: "licenses.isEnterprise", Verb: http.MethodGet, Deprecated: m.deprecated("licenses.isEnterprise"),
			Run: m.isEnterprise,
		})
	}
	if !rel.Has(release.OnlyLicensesInfo) {
		srv.AddEndpoint(server.Endpoint{
			Path: "licenses.get", Verb: http.MethodGet, Permission: "view-privileged-setting",
			Deprecated: m.deprecated("licenses.get"), Run: m.get,
		})
	}
	if rel.Since("6.5") {
		srv.AddEndpoint(server.Endpoint{Path: "licenses.info", Verb: http.MethodGet, Check: m.checkInfo, Run: m.info})
	}
	if rel.Has(release.LicenseSchemas) {
		srv.AddEndpoint(server.Endpoint{
			Path: "licenses.validate", Verb: http.MethodPost, Permission: "edit-privileged-setting", Declared: true,
			Schema: true, Check: m.checkText, Run: m.validate,
		})
	}
}

// deprecated returns the headers of an endpoint that 7.0 no longer has. They appear in 6.5; their wording is that of
// 6.13 from the next release on.
func (m *Manager) deprecated(path string) map[string]string {
	if m.Release.Before("6.5") {
		return nil
	}
	hint := "Please use the alternative(s): licenses.info"
	if m.Release.Before("6.6") {
		hint = "Use licenses.info instead."
	}
	return map[string]string{
		"X-Deprecation-Type": "endpoint-deprecation",
		"X-Deprecation-Message": fmt.Sprintf("The endpoint \"/api/v1/%s\" is deprecated and will be removed on version 7.0.0 ( %s)",
			path, hint),
		"X-Deprecation-Version": "7.0.0",
	}
}

func (m *Manager) checkText(r *server.Request) error {
	field := server.Field{Name: "license", Type: "string"}
	if m.Release.Has(release.LicenseSchemas) {
		return server.SchemaFields(m.Release, "invalid-params", r.Value, field)
	}
	return server.MatchFields(r.Value, field)
}

func (m *Manager) checkInfo(r *server.Request) error {
	query := map[string]any{}
	for name := range r.Query {
		query[name] = r.Query.Get(name)
	}
	field := server.Field{Name: "loadValues", Type: "boolean", Optional: true, Lax: true}
	if m.Release.Has(release.LicenseSchemas) {
		return server.SchemaFields(m.Release, server.QueryCode(m.Release), query, field)
	}
	const code = "invalid-params"
	err := server.SchemaFields(m.Release, code, query, field)
	if err == nil {
		return nil
	}
	return &server.Failure{Body: map[string]any{"error": err.Error(), "errorType": code}} // a whole sentence to the end
}

// add stores a license that is signed. Whether it counts here is another question, which the answer does not touch.
func (m *Manager) add(r *server.Request) (map[string]any, error) {
	text := licenseText(r)
	if err := m.wellFormed(text); err != nil {
		return nil, err
	}
	m.Settings.Set("Enterprise_License", text)
	return nil, m.Apply(text)
}

// licenseText is the body's license; where the validator turns other values into texts, the text of one is no license.
func licenseText(r *server.Request) string {
	switch text := r.Body["license"].(type) {
	case nil:
		return ""
	case string:
		return text
	default:
		return fmt.Sprint(text)
	}
}

// wellFormed is the server's check of a license text, in the words of the release.
func (m *Manager) wellFormed(text string) error {
	empty := strings.TrimSpace(text) == ""
	switch {
	case !empty && m.Verify(text) == nil:
		return nil
	case empty && m.Release.Since("6.5"):
		return failure("Empty license")
	case empty, m.Release.Since("6.5"):
		return failure("Invalid license")
	}
	// Up to 6.4 the sentence is OpenSSL's own.
	return failure("error:0407008A:rsa routines:RSA_padding_check_PKCS1_type_1:invalid padding")
}

func failure(sentence string) error {
	return &server.Failure{Body: map[string]any{"error": sentence}}
}

// validate looks at a license without using it (8.7).
func (m *Manager) validate(r *server.Request) (map[string]any, error) {
	text := licenseText(r)
	reasons := []any{}
	if m.Verify(text) == nil {
		against := m.reasons(Parse(text))
		if len(against) == 0 {
			return nil, nil
		}
		for _, reason := range against {
			reasons = append(reasons, reason.object())
		}
	}
	return nil, &server.Failure{Body: map[string]any{"error": "license-invalid", "reasons": reasons}}
}

func (r reason) object() map[string]any {
	object := map[string]any{"behavior": r.behavior, "reason": r.because}
	if r.modules != nil && r.behavior == "disable_modules" {
		object["modules"] = r.modules
	}
	return object
}

func (m *Manager) isEnterprise(*server.Request) (map[string]any, error) {
	l, _ := m.active()
	return map[string]any{"isEnterprise": l != nil}, nil
}

// maxActiveUsers knows no limit without a license, nor in a license of the third format.
func (m *Manager) maxActiveUsers(*server.Request) (map[string]any, error) {
	answer := map[string]any{"maxActiveUsers": nil, "activeUsers": m.ActiveUsers}
	if l, _ := m.active(); l != nil && m.Release.Before("6.5") {
		answer["maxActiveUsers"] = secondFormatUsers
	}
	return answer, nil
}

// info shows the license itself and its limits to those who may see privileged settings alone.
func (m *Manager) info(r *server.Request) (map[string]any, error) {
	privileged := r.Caller.Can("view-privileged-setting")
	load, _ := strconv.ParseBool(r.Query.Get("loadValues")) // checked before
	return map[string]any{"license": m.infoObject(privileged, privileged && load)}, nil
}
