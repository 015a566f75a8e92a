package server

// addSessionEndpoints mounts login and logout.
func (s *Server) addSessionEndpoints() {}

// addSessionMethods adds the methods login and logout.
func (s *Server) addSessionMethods() {}
