package server

import "net/http"

type sockets struct{}

func (s *sockets) close() {}

func (s *Server) serveSocket(w http.ResponseWriter, r *http.Request) { http.NotFound(w, r) }
