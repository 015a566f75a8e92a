package httpclient_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/rcreg/registration/internal/httpclient"
)

// TestFreshTakesNoReplyOfACache: whatever a cache on the way says of itself.
func TestFreshTakesNoReplyOfACache(t *testing.T) {
	t.Parallel()
	const cached, passed = true, false
	for _, test := range []struct {
		name, value string
		want        bool
	}{
		{"Age", "40", cached},
		{"Age", "1", cached},
		{"Age", "0", passed}, // Varnish says it of what has just been fetched
		{"Age", "soon", passed},
		{"X-Cache", "HIT", cached},
		{"X-Cache", "hit", cached},
		{"X-Cache", "Hit from cloudfront", cached},
		{"X-Cache", "RefreshHit from cloudfront", cached},
		{"X-Cache", "TCP_MEM_HIT from a23-1.deploy.example (AkamaiGHost)", cached},
		{"X-Cache", "MISS, HIT", cached},
		{"X-Cache", "MISS", passed},
		{"X-Cache", "Miss from cloudfront", passed},
		{"X-Cache", "TCP_MISS from cache-hit.example.com", passed},
		{"X-Cache", "Error from cloudfront", passed},
		{"X-Cache", "CONFIG_NOCACHE", passed},
		{"X-Cache-Status", "STALE", cached},
		{"X-Cache-Status", "UPDATING", cached},
		{"X-Cache-Status", "EXPIRED", passed}, // nginx has asked the server then
		{"X-Cache-Status", "BYPASS", passed},
		{"X-Proxy-Cache", "REVALIDATED", cached},
		{"X-Proxy-Cache", "-", passed},
		{"Cf-Cache-Status", "HIT", cached},
		{"Cf-Cache-Status", "DYNAMIC", passed},
		{"X-Fastcgi-Cache", "Hit", cached},
		{"X-Cache-Hits", "0, 3", cached},
		{"X-Cache-Hits", "0", passed},
		{"X-Cache-Lookup", "HIT from proxy:3128", passed}, // Squid had it, and did not use it
		{"Cache-Status", `ExampleCache; hit; ttl=376`, cached},
		{"Cache-Status", `OriginCache; hit; ttl=1100, "CDN Cache";fwd=uri-miss;stored`, cached},
		{"Cache-Status", `ExampleCache; fwd=uri-miss; stored`, passed},
		{"Cache-Status", `ExampleCache; hit=?0; fwd=stale`, passed},
		{"Cache-Control", "max-age=40, stale-if-error=5", passed},
		{"X-Served-By", "cache-hit", passed},
	} {
		t.Run(test.name+" "+test.value, func(t *testing.T) {
			t.Parallel()
			for _, request := range []*httpclient.Request{read(), write()} {
				for _, fresh := range []bool{true, false} {
					request.Fresh = fresh
					var sent http.Header
					mock := httpmock.NewMockTransport()
					mock.RegisterResponder(request.Verb, address, func(r *http.Request) (*http.Response, error) {
						sent = r.Header
						response := httpmock.NewStringResponse(http.StatusOK, "{}")
						response.Header.Set("Content-Type", "application/json")
						response.Header.Set(test.name, test.value)
						return response, nil
					})
					_, err := httpclient.New(httpclient.Config{RoundTripper: mock}).Once(t.Context(), request)
					var refused *httpclient.CachedError
					if errors.As(err, &refused) != (fresh && test.want) || refused != nil && (refused.Status != http.StatusOK || refused.Mark != test.name+": "+test.value) {
						t.Errorf("%s, fresh %v: got %v", request.Verb, fresh, err)
					}
					asks := sent.Get("Cache-Control") == "no-cache" && sent.Get("Pragma") == "no-cache"
					if asks != (fresh && request.Effect == httpclient.Read) {
						t.Errorf("%s, fresh %v: sent %v", request.Verb, fresh, sent)
					}
				}
			}
		})
	}
}
