package grants

import "github.com/rcreg/registration/internal/document"

// Hold keeps other processes, and other callers in this one, from working for the same workspace until release is called. When another one does, the
// error is [ErrLocked]. It works between processes of one machine, and ends with the process, however that ends.
func (s *Store) Hold(uniqueID string) (release func() error, err error) {
	s = s.orNone()
	file, err := s.dir.Lock(nameOf(uniqueID) + ".lock")
	if err != nil {
		return nil, failed("hold the workspace's place in the store of grants", err)
	}
	return file.Close, nil
}

// Ready reports whether a grant can be kept and read back, by writing a file of the size of a large one: call it before a token is spent.
// Errors: [ErrCannotOpen] for a store that is sealed to a recipient whom its identities do not open, and those of the file system.
func (s *Store) Ready() error {
	return failed("make room for a grant", s.orNone().tryOut())
}

func (s *Store) tryOut() error {
	const name = "room"
	if s.recipient != nil {
		sealed, err := document.Seal(s.recipient, nil)
		if err != nil {
			return err
		}
		if _, err := document.Unseal(sealed, s.identities...); err != nil {
			return err
		}
	}
	if err := s.dir.Write(name, make([]byte, roomForGrant)); err != nil {
		return err
	}
	return s.dir.Remove(name)
}

// roomForGrant is far above the few thousand bytes of a real grant.
const roomForGrant = 64 << 10
