package web

// noticeRoutes are the addresses about what controllers are told.
func (s *Server) noticeRoutes() []route {
	return []route{
		{"GET", "/incidents/:id/facts/import", "describe", 0, s.factsImportForm},
		{"POST", "/incidents/:id/facts/import", "describe", fileLimit, s.factsImport},
		{"GET", "/incidents/:id/calls", "read", 0, s.calls},
		{"POST", "/incidents/:id/calls", "phone", formLimit, s.logCall},
		{"GET", "/incidents/:id/calls.pdf", "read", 0, s.callsPDF},
		{"GET", "/waiting/:id", "read", 0, s.waiting},
		{"POST", "/waiting/:id", "decline", formLimit, s.decideWaiting},
		{"GET", "/phrases", "read", 0, s.phrases},
		{"GET", "/phrases/:key", "phrase", 0, s.phraseForm},
		{"POST", "/phrases/:key", "phrase", formLimit, s.savePhrase},
	}
}
