package cli

import (
	"io"
	"strings"
	"time"

	"github.com/rcreg/registration/internal/license"
	"github.com/rcreg/registration/internal/screen"
)

// showLicenseFile shows what a license text says, without a workspace.
func (a *app) showLicenseFile(path string) error {
	text, err := a.textOf("the license", "file", path)
	if err != nil {
		return err
	}
	text = strings.Join(strings.Fields(strings.TrimPrefix(text, "\ufeff")), "")
	if why := license.Unusable(text); why != "" {
		return usage("this is no license: "+why, "pass the license as Rocket.Chat sent it")
	}
	read := license.Read(text)
	if read == nil {
		return usage("this is no license text that can be read: one begins with RCV3_ and has two dots", "pass the license as Rocket.Chat sent it; those for servers before 6.5 only a server can read")
	}
	return a.show(licenseFileView{read.Information.ID, read.Information.Trial, read.Information.Offline, read.Modules(), read.Addresses(), read.Expires(), read.Against("", a.system.Clock.Now())})
}

// licenseFileView is what a license text says.
type licenseFileView struct {
	ID        string    `json:"id"`
	Trial     bool      `json:"trial"`
	Offline   bool      `json:"offline"`
	Modules   []string  `json:"modules"`
	Addresses []string  `json:"addresses"`
	Expires   time.Time `json:"expires,omitzero"`
	// Against says why it counts nowhere, whatever the address.
	Against []string `json:"against,omitempty"`
}

func (v licenseFileView) text(out io.Writer, _ style) {
	rows := [][]string{{"ID", orNone(v.ID)}, {"Expires", day(v.Expires)}, {"Modules", orNone(strings.Join(v.Modules, ", "))}, {"Addresses", orNone(strings.Join(v.Addresses, ", "))}}
	if v.Trial {
		rows = append(rows, []string{"Trial", "yes"})
	}
	if v.Offline {
		rows = append(rows, []string{"Offline", "yes: from 8.7 a workspace that goes by it asks the Cloud nothing"})
	}
	for _, reason := range v.Against {
		rows = append(rows, []string{"Not valid", reason})
	}
	screen.Columns(out, rows)
}
