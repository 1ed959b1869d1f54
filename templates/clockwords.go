package templates

import "strings"

// doneMoment begins the moments at which duties of other laws were done.
const doneMoment = "done."

// Moment names a moment, that of a duty of another law by the duty.
func (w *Words) Moment(lang, moment string) string {
	key, ok := strings.CutPrefix(moment, doneMoment)
	if !ok {
		return w.Say(lang, "moment."+moment)
	}
	if key == "dora.initial" { // ends two duties
		key = "dora.classified"
	}
	return w.Say(lang, "clock.done", "Duty", w.Say(lang, "duty."+key+".name"))
}

// How says how a duty ended. What another law demands is simply done.
func (w *Words) How(lang, how string) string {
	if strings.HasPrefix(how, doneMoment) {
		how = "done"
	}
	return w.Say(lang, "how."+how)
}
