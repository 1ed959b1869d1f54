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
		{"GET", one + "/evidence", "read", 0, s.evidence},
		{"POST", one + "/evidence", "evidence", evidenceLimit, s.addEvidence},
		{"GET", one + "/evidence/:file", "read", 0, s.evidencePiece},
		{"POST", one + "/evidence/:file/take", "take", formLimit, s.takeEvidence},
		{"POST", one + "/evidence/:file/hand", "evidence", formLimit, s.handEvidence},
	}
}
