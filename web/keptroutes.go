package web

import "hatakello/incident"

// evidenceLimit is the largest body with a file in it: the file and what stands
// around it in a form.
const evidenceLimit = incident.EvidenceMax + 64<<10

// keptRoutes are the addresses of what is kept of a case.
func (s *Server) keptRoutes() []route {
	const one = "/incidents/:id"
	return []route{
		{"GET", one + "/timeline", "read", 0, s.timeline},
		{"GET", one + "/timeline.csv", "read", 0, s.timelineCSV},
		{"GET", one + "/timeline.json", "read", 0, s.timelineJSON},
		{"GET", one + "/timeline/new", "note", 0, s.entryForm},
		{"POST", one + "/timeline/new", "note", formLimit, s.saveEntry},
		{"GET", one + "/timeline/:entry", "note", 0, s.entryForm},
		{"POST", one + "/timeline/:entry", "note", formLimit, s.saveEntry},
		{"GET", one + "/known", "read", 0, s.caseKnown},
		{"GET", "/records/:id/known", "read", 0, s.recordKnown},
		{"GET", "/search", "read", 0, s.search},
		{"GET", "/register", "read", 0, s.breaches},
		{"GET", "/register/import", "import_register", 0, s.olderForm},
		{"POST", "/register/import", "import_register", fileLimit, s.olderLook},
		{"GET", "/register/import/:id", "import_register", 0, s.olderDo},
		{"POST", "/register/import/:id", "import_register", formLimit, s.olderDo},
		{"GET", "/register.csv", "read", 0, s.breachesCSV},
		{"GET", "/register.json", "read", 0, s.breachesJSON},
		{"GET", "/register.xlsx", "read", 0, s.breachesXLSX},
		{"GET", "/register.pdf", "read", 0, s.breachesPDF},
		{"GET", one + "/evidence", "read", 0, s.evidence},
		{"POST", one + "/evidence", "evidence", evidenceLimit, s.addEvidence},
		{"GET", one + "/evidence/:file", "read", 0, s.evidencePiece},
		{"POST", one + "/evidence/:file/take", "take", formLimit, s.takeEvidence},
		{"POST", one + "/evidence/:file/hand", "evidence", formLimit, s.handEvidence},
	}
}
