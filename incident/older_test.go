package incident

import (
	"strings"
	"testing"
	"time"
)

// olderRead reads a table without a store.
func olderRead(t *testing.T, text string) []*olderRow {
	t.Helper()
	rows, lines, _, err := ReadTable([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	got := &Imported{}
	fields, err := olderHead(rows[0], got)
	if err != nil {
		t.Fatal(err)
	}
	helsinki, _ := time.LoadLocation("Europe/Helsinki")
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	var all []*olderRow
	for i, cells := range rows[1:] {
		r := &olderRow{line: lines[i+1], inc: &Incident{LoggedAt: now, Older: &Older{Kind: "breach", Part: "controller"}}}
		r.read(cells, fields, olderTimes{now, helsinki})
		all = append(all, r)
	}
	return all
}

func TestOlderRows(t *testing.T) {
	rows := olderRead(t, "Nro;Päivämäärä;Kuvaus;Seuraukset;Toimenpiteet;Päätös;Perustelu;Henkilöitä\n"+
		"2019-1;12.3.2019 klo 14.05;Väärä vastaanottaja;Ei;Poistettiin;Ei ilmoitettu;Vain yksi;1\n"+
		"2019-2;12.3.2019;\"Levy\nkatosi\";;;ilmoitettu;;noin 40\n"+
		";43536.5;Sarjanumero;x;y;ei;z;\n"+
		"x;huomenna;;;;ehkä;;monta\n"+
		"y;1.1.2030;Tuleva;;;ei;s;\n")
	want := []struct {
		line, bad, doubts int
		aware             string
		sure              Sure
	}{{2, 0, 0, "2019-03-12T12:05:00Z", Known}, {3, 0, 2, "2019-03-11T22:00:00Z", Assumed}, {5, 0, 0, "2019-03-12T10:00:00Z", Known}, {6, 4, 4, "", ""}, {7, 1, 2, "", ""}}
	if len(rows) != len(want) {
		t.Fatalf("%d rows, want %d", len(rows), len(want))
	}
	for i, w := range want {
		r := rows[i]
		if r.line != w.line || len(r.bad) != w.bad || len(r.doubts) != w.doubts {
			t.Errorf("row %d: line %d, bad %v, doubts %v; want %+v", i, r.line, r.bad, r.doubts, w)
		}
		if k, ok := r.inc.At(ProcessorAware); ok != (w.aware != "") || ok && (k.At.Format(time.RFC3339) != w.aware || k.Sure != w.sure) {
			t.Errorf("row %d: aware %v %q, want %s %q", i, k.At, k.Sure, w.aware, w.sure)
		}
	}
	if o := rows[1].inc.Older; o.Decision != "reported" || rows[1].inc.Title != "Levy katosi" && rows[1].inc.Title != "Levy\nkatosi" {
		t.Errorf("row 1: %+v, %q", o, rows[1].inc.Title)
	}
}

// TestOlderColumns holds that no name stands for two columns, and no word for
// two meanings.
func TestOlderColumns(t *testing.T) {
	seen := map[string]string{}
	for _, x := range olderColumns {
		for _, name := range append(strings.Split(x.Names, "|"), foldHeader(x.Field)) {
			if was := seen[name]; was != "" && was != x.Field {
				t.Errorf("%q is %s and %s", name, was, x.Field)
			}
			if name != foldHeader(name) {
				t.Errorf("%q is never met: headers become %q", name, foldHeader(name))
			}
			seen[name] = x.Field
		}
	}
}

func FuzzOlder(f *testing.F) {
	f.Add("date;title;decision\n1.1.2020;a;no\n")
	f.Add("sep=,\ndate,decision\n\"=1+1\",x\n")
	f.Fuzz(func(t *testing.T, text string) {
		rows, lines, _, err := ReadTable([]byte(text))
		if err != nil || len(rows) == 0 {
			return
		}
		fields, err := olderHead(rows[0], &Imported{})
		if err != nil {
			return
		}
		for i, cells := range rows[1:] {
			r := &olderRow{line: lines[i+1], inc: &Incident{LoggedAt: time.Unix(1e9, 0), Older: &Older{}}}
			r.read(cells, fields, olderTimes{time.Unix(1.7e9, 0), time.UTC})
			if _, known := r.inc.At(ProcessorAware); len(r.bad) == 0 && (!known || r.inc.Title == "" || r.inc.Older.Decision == "" || r.inc.ClosedAt.IsZero()) {
				t.Fatalf("a row passed without what Art. 33(5) demands: %+v", r.inc)
			}
		}
	})
}
