package web

import "slices"

// An entry of a menu: a page, the words on its link and who may see it.

type entry struct {
	Key  string // of the words on the link
	To   string
	Need string // the act that the visitor's role must allow; "" is everybody
	At   string // the Section of pages for which it is the current one
	Open bool   // only while the case is open
	Here bool   // whether it leads to the page that is shown
}

// The main menu: what is used at night stands in the open, the rest behind
// "more", so that the menu is one line on a telephone.
var (
	mainMenu = []entry{
		{Key: "frame.board", To: "/", Need: "read", At: "board"},
		{Key: "frame.customers", To: "/customers", Need: "read", At: "customers"},
		{Key: "frame.deliveries", To: "/deliveries", Need: "read", At: "deliveries"},
	}
	moreMenu = []entry{
		{Key: "search.title", To: "/search", Need: "read", At: "search"},
		{Key: "breaches.link", To: "/register", Need: "read", At: "breaches"},
		{Key: "review.link", To: "/review", Need: "read", At: "review"},
		{Key: "year.menu", To: "/numbers", Need: "read", At: "numbers"},
		{Key: "questions.all", To: "/questions", Need: "read", At: "questions"},
		{Key: "receive.title", To: "/received", Need: "receive", At: "receive"},
		{Key: "requests.title", To: "/requests", Need: "read", At: "requests"},
		{Key: "erase.list", To: "/erase", Need: "read", At: "erase"},
		{Key: "frame.settings", To: "/settings", At: "settings"},
	}
)

// caseMenu is every page of a case, by the question that it answers. To is
// what follows the case's address.
var caseMenu = []menuGroup{
	{"parts.who", []entry{
		{Key: "records.link", To: "/records"},
		{Key: "affect.link", To: "/affect", Need: "affect"},
		{Key: "calls.link", To: "/calls"},
		{Key: "parties.link", To: "/parties"},
	}},
	{"parts.what", []entry{
		{Key: "facts.link", To: "/facts"},
		{Key: "moments.link", To: "/moments"},
		{Key: "assess.shared.link", To: "/assess", Need: "assess", Open: true},
	}},
	{"parts.when", []entry{
		{Key: "clocks.link", To: "/clocks"},
		{Key: "regimes.link", To: "/regimes"},
	}},
	{"parts.told", []entry{
		{Key: "notify.link", To: "/notify", Need: "notify"},
		{Key: "questions.title", To: "/questions"},
		{Key: "deliveries.link", To: "/deliveries"},
	}},
	{"parts.kept", []entry{
		{Key: "timeline.link", To: "/timeline"},
		{Key: "evidence.link", To: "/evidence"},
		{Key: "known.link", To: "/known"},
		{Key: "debrief.link", To: "/debrief"},
		{Key: "bundle.link", To: "/bundle", Need: "bundle"},
		{Key: "preserve.link", To: "/preserve"},
		{Key: "close.link", To: "/close", Need: "close", Open: true},
	}},
}

// menuGroup is the entries that answer one question.
type menuGroup struct {
	Key     string
	Entries []entry
}

// Menu is the main menu's entries that the visitor may use.
func (p page) Menu() []entry { return p.allowed(mainMenu, true) }

// MoreMenu is what the main menu keeps behind "more".
func (p page) MoreMenu() []entry { return p.allowed(moreMenu, true) }

// AtMore reports whether the page is one of those behind "more".
func (p page) AtMore() bool {
	return slices.ContainsFunc(moreMenu, func(e entry) bool { return e.At == p.Section })
}

// Parts is the case's menu as the visitor may use it.
func (p *casePage) Parts() []menuGroup {
	var groups []menuGroup
	for _, g := range caseMenu {
		g.Entries = p.allowed(g.Entries, p.Inc.Open())
		for i := range g.Entries {
			g.Entries[i].To = "/incidents/" + p.Inc.ID + g.Entries[i].To
		}
		if len(g.Entries) > 0 {
			groups = append(groups, g)
		}
	}
	return groups
}

// allowed returns a copy of the entries that the visitor may follow.
func (p page) allowed(all []entry, open bool) []entry {
	var some []entry
	for _, e := range all {
		if (e.Need == "" || p.May(e.Need)) && (open || !e.Open) {
			e.Here = e.At != "" && e.At == p.Section
			some = append(some, e)
		}
	}
	return some
}
