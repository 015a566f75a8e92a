package rocketcloud

import (
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

func TestSignedSupportVerifies(t *testing.T) {
	t.Parallel()
	cloud, clock := newTestCloud(t)
	want := Support{
		Timestamp:  clock.Now(),
		Versions:   []SupportedVersion{{Version: "8.6.0", Expiration: clock.Now().AddDate(1, 0, 0)}},
		Exceptions: &SupportExceptions{Domain: "chat.example.test", Versions: []SupportedVersion{{Version: "6.4.0"}}},
	}
	cloud.SetSupport(want)
	answer := ask(t, cloud, "GET", "/v2/server/supportedVersions", "", nil)
	answer.want(t, 200, "")
	var got supportClaims
	key := func(*jwt.Token) (any, error) { return cloud.SupportKey(), nil }
	if _, err := jwt.ParseWithClaims(answer.string(t, "signed"), &got, key, jwt.WithValidMethods([]string{"RS256"})); err != nil {
		t.Fatal(err)
	}
	if len(got.Versions) != 1 || got.Versions[0] != want.Versions[0] || got.Exceptions.Domain != "chat.example.test" {
		t.Errorf("the signed list is %+v", got.Support)
	}
	if versions, _ := answer.body["versions"].([]any); len(versions) != 1 {
		t.Errorf("the plain list is %s", answer.text)
	}
}

func TestDefaultSupportIsUnexpired(t *testing.T) {
	t.Parallel()
	cloud, clock := newTestCloud(t)
	for _, version := range cloud.support.Versions {
		if version.Expiration.Before(clock.Now().Add(24 * time.Hour)) {
			t.Errorf("%s has expired", version.Version)
		}
	}
}
