package cloudmodule

import (
	"context"
	"net/http"
)

// salesLink is what a workspace shows when it cannot get a checkout link.
const salesLink = "https://go.rocket.chat/i/contact-sales"

// checkoutURL runs a whole sync and then asks the billing service for a link. Whatever fails on the way makes it the
// sales link; only an answer without a link is told apart.
func (m *Module) checkoutURL(ctx context.Context) any {
	if m.offline() || m.sync(ctx) != nil {
		return salesLink
	}
	token, err := m.accessToken(ctx, tokenWish{fresh: true, scope: "workspace:billing", unsaved: true})
	if err != nil || token == "" {
		return salesLink
	}
	page := m.siteURL("/admin/subscription")
	reply, err := m.send(ctx, cloudCall{
		method: http.MethodPost,
		url:    text(m.settings.Get("Cloud_Billing_Url")) + "/api/v2/checkout",
		bearer: token,
		json:   map[string]any{"okCallback": page + "?subscriptionSuccess=true", "cancelCallback": page},
	})
	if err != nil || !reply.ok() {
		return salesLink
	}
	answer, err := m.json(reply)
	if err != nil || answer == nil {
		return salesLink
	}
	return property(answer, "url")
}
