// Package shell writes command lines that a person may copy.
//
//	advice := "run chmod 600 " + shell.Word(path)
package shell

import "strings"

// Word quotes a text where a shell would take it apart.
func Word(text string) string {
	if text == "" || strings.ContainsFunc(text, func(c rune) bool {
		return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:@=", c)
	}) {
		return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
	}
	return text
}
