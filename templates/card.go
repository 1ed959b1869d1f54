package templates

import "time"

// StatusCard is the live message of a case in the chat: numbers, clocks and a
// link. Chat is not ours, so Title stays empty unless the organisation lets
// details in, and there is no place for the name of a customer or a colleague.
type StatusCard struct {
	Number string
	Title  string
	Open   bool
	Tier   string // key; "" is not assessed
	All    int    // controllers that are or may be affected
	Told   int
	Acked  int
	Calls  int       // controllers whom nobody has reached
	Due    time.Time // nearest limit of ours, or zero
	Late   bool
	Rings  bool // an alarm waits for somebody
	Taken  bool // somebody has answered the alarm
	At     time.Time
	Zone   *time.Location
}

// StatusCard words the card: a headline, pairs of label and value, and a line
// that says when it was so. What is not known is said, too.
func (w *Words) StatusCard(lang string, c StatusCard) (head string, facts [][2]string, foot string) {
	v := w.wording(lang, c.Zone)
	say := func(key string, pairs ...any) string { return w.Say(string(v.lang), "chat."+key, pairs...) }
	add := func(key, value string) {
		if value != "" {
			facts = append(facts, [2]string{say(key), value})
		}
	}
	of := func(n int) string { return say("of", "Part", Number(v.lang, n), "All", Number(v.lang, c.All)) }
	head, foot = say("head", "Number", c.Number), say("foot", "At", v.both(c.At))
	if !c.Open {
		head = say("head.closed", "Number", c.Number)
	}
	add("title", c.Title)
	if c.Open {
		add("tier", w.cardTier(v, c.Tier))
		add("due", w.cardDue(v, c))
	}
	add("told", of(c.Told))
	add("acked", of(c.Acked))
	if c.Open {
		add("calls", Number(v.lang, c.Calls))
	}
	switch {
	case !c.Open:
	case c.Rings:
		add("ring", say("ring.waits"))
	case c.Taken:
		add("ring", say("ring.taken"))
	}
	return head, facts, foot
}

func (w *Words) cardTier(v wording, tier string) string {
	if tier == "" {
		return w.Say(string(v.lang), "chat.tier.none")
	}
	return w.Say(string(v.lang), "tier."+tier)
}

func (w *Words) cardDue(v wording, c StatusCard) string {
	switch {
	case c.Due.IsZero():
		return w.Say(string(v.lang), "chat.due.none")
	case c.Late:
		return w.Say(string(v.lang), "chat.due.late", "At", v.both(c.Due))
	}
	return v.both(c.Due)
}

// CardWords are the words on the buttons of a message in the chat: answering
// an alarm, and opening the case.
func (w *Words) CardWords(lang string) (answer, open string) {
	v := w.wording(lang, nil)
	return w.Say(string(v.lang), "chat.answer"), v.t("alarm.link")
}
