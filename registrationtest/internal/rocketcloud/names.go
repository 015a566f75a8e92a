package rocketcloud

import (
	"crypto/rand"
	"fmt"
)

// Kind is a kind of identifier or secret.
type Kind string

// The kinds of names that a Cloud gives.
const (
	NameToken       Kind = "registration token"
	NameWorkspace   Kind = "workspace id"
	NameClient      Kind = "client id"
	NameSecret      Kind = "client secret"
	NamePublicKey   Kind = "public key"
	NameSyncedKey   Kind = "public key, as the legacy sync tells it"
	NameAccessToken Kind = "access token"
	NameDevice      Kind = "device code"
	NameUser        Kind = "user code"
	NameNotice      Kind = "workspace id of a one-way notice"
)

// Names makes the n-th name of a kind, counting from 1.
type Names func(kind Kind, n int) string

// RandomNames makes names that cannot be guessed.
func RandomNames(kind Kind, _ int) string {
	text := rand.Text()
	switch kind {
	case NameUser:
		return fmt.Sprintf("%s-%s", text[:4], text[4:8]) // short: a person types it
	case NameWorkspace, NameClient, NameNotice:
		return text[:24]
	default:
		return text
	}
}

// name gives the next name of a kind. The lock must be held.
func (c *Cloud) name(kind Kind) string {
	c.counts[kind]++
	return c.names(kind, c.counts[kind])
}
