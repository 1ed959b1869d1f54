package web

import "github.com/gin-gonic/gin"

// clockRoutes are the addresses of clocks, moments, alarms and calendars.
func (s *Server) clockRoutes() []route {
	const one, rec = "/incidents/:id", "/records/:id"
	form := func(path, see, do string, show, act func(*gin.Context) error) []route {
		return []route{{"GET", path, see, 0, show}, {"POST", path, do, formLimit, act}}
	}
	all := []route{
		{"GET", one + "/clocks", "read", 0, s.caseClocks},
		{"GET", rec + "/clocks", "read", 0, s.recordClocks},
		{"GET", one + "/moments", "read", 0, s.caseMomentsPage},
		{"GET", rec + "/moments", "read", 0, s.recordMomentsPage},
		{"GET", one + "/compare", "read", 0, s.compare},
		{"GET", one + "/parties", "read", 0, s.parties},
		{"POST", one + "/source", "describe", formLimit, s.setSource},
		{"POST", one + "/joint", "affect", formLimit, s.setJoint},
		{"POST", "/rings/:id/answer", "ring", formLimit, s.answerRing},
		{"GET", feedPath, anyone, 0, s.calendar},
	}
	for _, f := range [][]route{
		form(one+"/moments/:moment", "mark", "mark", s.caseMoment, s.caseMoment),
		form(rec+"/moments/:moment", "mark", "mark", s.recordMoment, s.recordMoment),
		form(one+"/regimes", "read", "regimes", s.regimesForm, s.setRegimes),
		form(one+"/inquiry", "inquire", "inquire", s.inquiryForm, s.endInquiry),
		form(one+"/explain", "explain", "explain", s.explainForm, s.explain),
		form(rec+"/done", "mark", "mark", s.doneForm, s.complete),
		form("/settings/alarms", "setting", "setting", s.alarmsForm, s.saveAlarms),
		form("/calendar", "feed", "feed", s.feeds, s.changeFeeds),
	} {
		all = append(all, f...)
	}
	return all
}
