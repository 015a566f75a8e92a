// Package shell writes command lines that a person may copy.
//
//	advice := "run chmod 600 " + shell.Word(path)
package shell

import (
	"fmt"
	"strings"
)

// Word quotes a text where a shell would take it apart.
func Word(text string) string {
	if text == "" || strings.ContainsFunc(text, func(c rune) bool {
		return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:@=", c)
	}) {
		return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
	}
	return text
}

// NoSuchCommand is the error for a word in the place of a command that is none, with the names that are like it.
func NoSuchCommand(word string, near []string) error {
	if len(near) == 0 {
		return fmt.Errorf("unknown command %q", word)
	}
	return fmt.Errorf("unknown command %q: did you mean %s?", word, strings.Join(near, " or "))
}
