package web

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"hatakello/templates"
)

// packFacts are the values of a filled form, by field: what the next pack is
// compared with.
func packFacts(parts []filledPart) map[string]string {
	all := map[string]string{}
	for _, part := range parts {
		for _, x := range part.Fields {
			if x.Value != "" && !slices.Contains(packTalk, x.Key) {
				all[x.Key] = x.Value
			}
		}
	}
	return all
}

// packTalk are the fields that speak of the notification itself and not of the
// breach; that they change is no news.
var packTalk = []string{"notification_type", "earlier_reference", "supplement_summary"}

// packChanges compares a filled form with the facts of the pack before.
func packChanges(f *templates.AuthorityForm, before []byte, now map[string]string, lang string, zone *time.Location) ([]templates.PackChange, error) {
	var was map[string]string
	if err := json.Unmarshal(before, &was); err != nil {
		return nil, fmt.Errorf("read the pack before: %w", err)
	}
	var all []templates.PackChange
	for _, x := range f.Fields() {
		if was[x.Key] != now[x.Key] {
			all = append(all, templates.PackChange{Label: x.Label[lang], Was: x.Show(lang, was[x.Key], zone), Is: x.Show(lang, now[x.Key], zone), Annex: x.Annex})
		}
	}
	return all, nil
}
