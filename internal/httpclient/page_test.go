package httpclient

import "testing"

func TestBeforePage(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"https://chat.example.com":                      "",
		"https://chat.example.com/chat":                 "",
		"https://home.example.com":                      "",
		"https://chat.example.com/home":                 "https://chat.example.com",
		"https://chat.example.com/admin/cloud":          "https://chat.example.com",
		"https://chat.example.com/chat/channel/general": "https://chat.example.com/chat",
		"http://localhost:3000/api/v1":                  "http://localhost:3000",
		"https://chat.example.com/homes":                "",
	} {
		address, err := ParseAddress(text, false)
		if got := address.BeforePage(); err != nil || got != want {
			t.Errorf("%s: %q, %v; want %q", text, got, err, want)
		}
	}
}
