package registrationtest

import "time"

// The places of the licenses in the recordings.
const (
	validPlace     = "<VALID-LICENSE>"
	offlinePlace   = "<OFFLINE-LICENSE>"
	otherPlace     = "<OTHER-LICENSE>"
	elsewherePlace = "<ELSEWHERE-LICENSE>"
	pastPlace      = "<PAST-LICENSE>"
)

// licenses are those of this Cloud, by their places.
func (p *play) licenses() map[string]string {
	texts := map[string]string{}
	for place, spec := range map[string]LicenseSpec{
		validPlace:     {},
		offlinePlace:   {Offline: true},
		otherPlace:     {ValidUntil: time.Date(2098, 1, 1, 0, 0, 0, 0, time.UTC)},
		elsewherePlace: {Address: "https://elsewhere.example.test"},
		pastPlace:      {ValidUntil: time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC), Ends: true},
	} {
		text, err := p.cloud.License(spec)
		if err != nil {
			p.t.Fatal(err)
		}
		texts[place] = text
	}
	return texts
}
