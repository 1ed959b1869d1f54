package store

import (
	"reflect"
	"testing"

	"hatakello/incident"
)

func TestNames(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		c := change("")
		c.Register.Controllers = []*incident.Controller{{ID: "k2", Name: "Ärtan Ab", Lang: "sv"}, {ID: incident.Own, Name: "Me Oy", Lang: "fi"},
			{ID: "k1", Name: "Kuusi Oy", BusinessID: "1234567-1", Lang: "fi"}}
		apply(t, db, c)
		got := must[[]incident.Named](t)(db.Names(ctx))
		want := []incident.Named{{ID: "k1", Name: "Kuusi Oy", BusinessID: "1234567-1"}, {ID: "k2", Name: "Ärtan Ab"}}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("Names = %+v, want %+v", got, want)
		}
	})
}
