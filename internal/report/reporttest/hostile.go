package reporttest

import "github.com/rcreg/registration/fleet"

// Hostile is a fleet that wants to be more than text.
func Hostile() []fleet.Outcome {
	const run = `<script>window.stolen = 1</script>`
	return []fleet.Outcome{
		{Workspace: run, URL: "javascript:window.stolen=1", Class: fleet.Failed, Version: run, State: run, Kind: run, Message: run, Advice: run, Operation: run},
		{Workspace: `"><img src="https://evil.example.com/x" onerror="window.stolen=1">`, URL: `https://a.example.com/" onclick="window.stolen=1`, Class: `x" onclick="window.stolen=1`},
		{Workspace: `</table></style><style>*{display:none}</style>`, URL: "data:text/html," + run, Class: fleet.Done, Message: "\u202etxet desrever\x00\x1b[2J", Version: "{{.CSS}}"},
	}
}
