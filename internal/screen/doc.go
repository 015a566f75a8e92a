// Package screen writes text for people: with colours on a terminal, and never with anything of others that could steer one.
//
//	style := screen.StyleFor(isTerminal, os.Getenv)
//	err := screen.Print(os.Stdout, style, func(out io.Writer, s screen.Style) {
//		screen.Columns(out, [][]string{{"State", s.Good("registered")}})
//	})
package screen
