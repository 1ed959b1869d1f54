package store

import (
	"reflect"
	"testing"
	"time"

	"hatakello/incident"
)

func TestWays(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		mail := &incident.Way{Route: incident.ByMail, Why: "unwelcome", Since: noon, Said: "535 no", Told: noon.Add(time.Minute)}
		chat := &incident.Way{Route: incident.BySlack, Why: "unreachable", Since: noon}
		c := change("")
		c.Ways = []*incident.Way{chat, mail}
		apply(t, db, c)
		if got := must[[]*incident.Way](t)(db.ClosedWays(ctx)); !reflect.DeepEqual(got, []*incident.Way{mail, chat}) {
			t.Errorf("ClosedWays = %+v", got)
		}
		open := change("")
		open.Ways = []*incident.Way{{Route: incident.ByMail, Since: noon.Add(time.Hour)}}
		apply(t, db, open)
		if got := must[[]*incident.Way](t)(db.ClosedWays(ctx)); !reflect.DeepEqual(got, []*incident.Way{chat}) {
			t.Errorf("ClosedWays = %+v, want the chat alone", got)
		}
	})
}
