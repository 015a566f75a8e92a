package cli

import (
	"bytes"
	"strings"

	"filippo.io/age"
	"github.com/spf13/cobra"

	"github.com/rcreg/registration/grants"
)

// sealSource says to which age key the kept grants are sealed.
type sealSource struct{ recipient, identityFile string }

func (source *sealSource) recipientFlag(cmd *cobra.Command) {
	cmd.Flags().StringVar(&source.recipient, "seal-to", "", "seal what is kept to this age `RECIPIENT`; takes --identity-file to go on with it")
}

func (source *sealSource) identityFlag(cmd *cobra.Command) {
	cmd.Flags().StringVar(&source.identityFile, "identity-file", "", "`FILE` with the age identity that opens what is kept")
}

// maxIdentities is far above any file of identities, in bytes.
const maxIdentities = 1 << 20

// options are those of a store that seals. No error repeats what was given: it may be a secret key in the wrong place.
func (source *sealSource) options() (options []grants.Option, err error) {
	if source.identityFile != "" {
		text, err := privateFile("identity-file", source.identityFile, maxIdentities)
		if err != nil {
			return nil, err
		}
		identities, err := age.ParseIdentities(bytes.NewReader(text))
		if err != nil {
			return nil, usage("the file of --identity-file holds no age identity", "make one with age-keygen")
		}
		options = append(options, grants.OpenedWith(identities...))
	}
	if source.recipient == "" {
		return options, nil
	}
	// The grant is read back before it is let go of: without the identity it would stay for ever.
	if source.identityFile == "" {
		return nil, usage("--seal-to needs --identity-file: what is kept has to be opened again", "add --identity-file FILE")
	}
	recipients, err := age.ParseRecipients(strings.NewReader(source.recipient))
	if err != nil || len(recipients) != 1 {
		return nil, usage("what --seal-to names is no age recipient", "pass the public key that age-keygen -y shows: age1…")
	}
	return append(options, grants.SealedTo(recipients[0])), nil
}
