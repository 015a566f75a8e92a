// Command rcreg registers, syncs and disconnects Rocket.Chat workspaces.
package main

import (
	_ "github.com/rcreg/registration"
	_ "github.com/spf13/cobra"
	_ "golang.org/x/term"
)

func main() {}
