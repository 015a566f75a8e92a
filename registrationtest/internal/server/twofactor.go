package server

// TwoFactor is how a user proves a second time who they are.
type TwoFactor struct {
	Method string // "totp" or "email"; "" falls back on the password
	Code   string // the code that is right at the moment
}

func (s *Server) secondFactor(r *Request) error { return nil }
