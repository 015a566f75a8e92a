package cloudmodule_test

import (
	"testing"
	"time"

	"github.com/rcreg/registration/registrationtest/internal/cloudmodule"
)

func TestSupportedVersions(t *testing.T) {
	t.Parallel()
	const older, newer = "2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z"
	list := func(timestamp string) answer {
		return reply(200, `{"signed":"from the cloud","timestamp":"`+timestamp+`"}`)
	}
	for _, test := range []struct {
		name, version string
		cloud         answer
		want          string
	}{
		{"newer, the wrong way round", "6.5.0", list(newer), "from the build"},
		{"older, the wrong way round", "6.5.0", list(older), "from the cloud"},
		{"newer", "6.13.0", list(newer), "from the cloud"},
		{"older", "8.6.1", list(older), "from the build"},
		{"500", "8.6.1", refuse(500, "internal_error"), "from the build"},
		{"dropped", "6.13.0", drop, "from the build"},
		{"cut off", "6.13.0", reply(200, `{"signed"`), "from the build"},
		{"without a time", "6.13.0", reply(200, `{"signed":"x"}`), "from the build"},
		{"without a list", "6.13.0", reply(200, `{"timestamp":"`+newer+`"}`), "from the build"},
	} {
		t.Run(test.version+" "+test.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, test.version)
			b.cloud.set("/supportedVersions", test.cloud)
			if got := b.module.SupportedVersions(t.Context()); got != test.want {
				t.Errorf("the list is %q, want %q", got, test.want)
			}
			b.wantSettings(map[string]any{"Cloud_Workspace_Supported_Versions_Token": test.want})
			b.module.SupportedVersions(t.Context())
			b.wantCalls(askSupport) // once: the second look finds it in the settings
			if auth := b.cloud.sent()[0].auth; auth != "" {
				t.Errorf("a workspace that is not registered authorised itself with %q", auth)
			}
		})
	}
}

func TestSupportedVersionsFromAnotherHost(t *testing.T) {
	t.Parallel()
	b := newBench(t, "8.6.1", func(c *cloudmodule.Config, _ *time.Duration) {
		c.ReleasesURL = "https://releases.example.com/base"
		c.BuildSupport = cloudmodule.Support{}
	})
	if got := b.module.SupportedVersions(t.Context()); got != "from the cloud" {
		t.Errorf("the list is %q", got)
	}
	b.wantCalls("GET /base/v2/server/supportedVersions")
}
