package store

import (
	"slices"
	"testing"
	"time"

	"hatakello/incident"
)

func TestFiguresCountTheirYear(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		if got := must[[]int](t)(db.Years(ctx)); len(got) != 0 {
			t.Errorf("Years of nothing = %v", got)
		}
		old := newCase("Vanha", 1)
		old.At, old.NewIncident.LoggedAt = old.At.AddDate(-2, 0, 0), old.NewIncident.LoggedAt.AddDate(-2, 0, 0)
		apply(t, db, old)
		c := newCase("Levy katosi", 2)
		r := c.NewRecords[0]
		c.NewIncident.Marks = []incident.Mark{{Moment: incident.ProcessorAware, At: noon, Sure: incident.Known, Made: noon}}
		r.Marks = []incident.Mark{{Moment: incident.ControllerInformed, At: noon.Add(time.Hour), Sure: incident.Known, Made: noon}}
		r.AckedAt = noon.Add(3 * time.Hour)
		apply(t, db, c)

		if got, want := must[[]int](t)(db.Years(ctx)), []int{2026, 2024}; !slices.Equal(got, want) {
			t.Errorf("Years = %v, want %v", got, want)
		}
		f := must[*incident.Figures](t)(db.Figures(ctx, 2026, noon.Add(time.Hour)))
		if f.Cases != 1 || f.Open != 1 || len(f.ToNotify) != 1 || f.ToNotify[0] != time.Hour || len(f.ToAck) != 1 || f.ToAck[0] != 2*time.Hour {
			t.Errorf("Figures = %+v", f)
		}
		if f := must[*incident.Figures](t)(db.Figures(ctx, 2025, noon)); f.Cases != 0 || f.ToNotify != nil || f.Kept != nil {
			t.Errorf("Figures of a year without cases = %+v", f)
		}
	})
}
