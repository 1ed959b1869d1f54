package incident_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
)

const columns = "name;business_id;language;service;contact_name;contact_email;contact_phone;contract_hours;tenant_id\n"

// take imports rows below all columns.
func (h *house) take(rows string, set ...func(*incident.Import)) *incident.Imported {
	h.Helper()
	in := incident.Import{Data: strings.NewReader(columns + rows)}
	for _, f := range set {
		f(&in)
	}
	got, err := h.ImportCustomers(ctx, staff, in)
	h.must(err)
	return got
}

func partial(in *incident.Import)   { in.Partial = true }
func rehearsed(in *incident.Import) { in.DryRun = true }

// customers writes the register, one customer a line, without ids.
func (h *house) customers() string {
	h.Helper()
	services, err := h.db.Services(ctx)
	h.must(err)
	names := map[string]string{}
	for _, s := range services {
		names[s.ID] = s.Name
	}
	all, _, err := h.db.Customers(ctx, "", incident.Cut{Limit: 1000})
	h.must(err)
	var b strings.Builder
	for _, k := range all {
		told := make([]string, len(k.Contacts))
		for i, c := range k.Contacts {
			told[i] = fmt.Sprintf("{%s %s %s}", c.Name, c.Email, c.Phone)
		}
		fmt.Fprintf(&b, "%s|%s|%s|%d|%v|", k.Name, k.BusinessID, k.Lang, k.Hours, told)
		for _, u := range k.Uses {
			fmt.Fprintf(&b, " %s:%s", names[u.Service], u.Tenant)
		}
		b.WriteString("\n")
	}
	return strings.TrimSpace(b.String())
}

func badRows(rows []incident.BadRow) string {
	var s []string
	for _, r := range rows {
		s = append(s, fmt.Sprintf("%d %s %s", r.Line, r.Field, r.Err.Key))
	}
	return strings.Join(s, ", ")
}

func TestImportAgainstRegister(t *testing.T) {
	const known = "Kuusi Oy;1234567-1;fi;Hoivapäivyri;Aino;aino@kuusi.example;09 1;24;t-1\n" +
		"Gran Ab;;sv;Hoivapäivyri;;info@gran.example;;;t-2\n"
	const kuusi = "Kuusi Oy|1234567-1|fi|24|[{Aino aino@kuusi.example 09 1}]| Hoivapäivyri:t-1"
	const gran = "Gran Ab||sv|0|[{ info@gran.example }]| Hoivapäivyri:t-2"
	tests := []struct{ name, rows, want, bad, doubts string }{
		{"the same again", known, gran + "\n" + kuusi, "", ""},
		{"blank cells change nothing", "Kuusi Oy;1234567-1;;;;;;;\n", gran + "\n" + kuusi, "", ""},
		{"a new name, other language, no hours agreed", "Kuusi Group Oy;1234567-1;en;;;;;0;\n",
			gran + "\n" + strings.NewReplacer("Kuusi Oy", "Kuusi Group Oy", "|fi|24", "|en|0").Replace(kuusi), "", ""},
		{"a new first contact, the old ones behind", "Kuusi Oy;1234567-1;;;Eino;eino@kuusi.example;;;\n",
			gran + "\n" + strings.Replace(kuusi, "[{", "[{Eino eino@kuusi.example } {", 1), "", ""},
		{"a contact's new number", "Kuusi Oy;1234567-1;;;;AINO@kuusi.example;09 2;;\n",
			gran + "\n" + strings.NewReplacer("aino@", "AINO@", "09 1", "09 2").Replace(kuusi), "", ""},
		{"a further service and tenant", "GRAN AB;;;Laskutus;;;;;\ngran ab;;;hoivapäivyri;;;;;t-9\n",
			strings.NewReplacer("Gran Ab", "GRAN AB", "t-2", "t-2 Laskutus: Hoivapäivyri:t-9").Replace(gran) + "\n" + kuusi, "", ""},
		{"a business id for one known by name", "Gran Ab;0245974-7;;;;;;;\n", strings.Replace(gran, "Ab||", "Ab|0245974-7|", 1) + "\n" + kuusi, "", ""},
		{"another business id is another customer", "Kuusi Oy;0245974-7;;Kotikäynti;;k@muu.example;;;\n",
			gran + "\n" + kuusi + "\nKuusi Oy|0245974-7|fi|0|[{ k@muu.example }]| Kotikäynti:", "", ""},
		{"two names of one known customer", "Kuusi Oy;;;;;;;;\nKuusi Group;1234567-1;;;;;;;\n", gran + "\n" + kuusi, "3 name import.same_customer", ""},
		{"nobody to tell", "Koivu;;;Kotikäynti;;;;;\n", gran + "\n" + kuusi, "2 contact_email import.no_contact", ""},
		{"a register of our own", "Koivu;;;oma asiakasrekisteri;;k@koivu.example;;;\n", gran + "\n" + kuusi, "2 service import.service_own", ""},
		{"another's tenant", "Koivu;;;Hoivapäivyri;;k@koivu.example;;;t-1\n",
			gran + "\nKoivu||fi|0|[{ k@koivu.example }]| Hoivapäivyri:t-1\n" + kuusi, "", "2 tenant_id import.tenant_known"},
		{"only a telephone, no service", "Koivu;;;;;;09 3;;\n", gran + "\nKoivu||fi|0|[{  09 3}]|\n" + kuusi, "",
			"2 contact_email import.no_email, 2 service import.no_service"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			h.take(known)
			before := h.customers()
			h.take(tt.rows, rehearsed)
			if got := h.customers(); got != before {
				t.Errorf("the rehearsal changed the register:\n%s", got)
			}
			m := h.take(tt.rows)
			if got := h.customers(); got != tt.want {
				t.Errorf("register\n%s\nwant\n%s", got, tt.want)
			}
			if got := badRows(m.Bad); got != tt.bad {
				t.Errorf("bad rows %q, want %q", got, tt.bad)
			}
			if got := badRows(m.Doubts); got != tt.doubts {
				t.Errorf("doubts %q, want %q", got, tt.doubts)
			}
			if m.Kept != (tt.want != before) {
				t.Errorf("kept = %v", m.Kept)
			}
		})
	}
}

// The good rows of a list are kept only if that was asked for.
func TestImportKeepsAllOrNothing(t *testing.T) {
	const rows = "Kuusi Oy;1234567-1;fi;Hoivapäivyri;;aino@kuusi.example;;;\n;;;;;;;;x\nGran Ab;;;Uusi;;info@gran;;;\n"
	h := newHouse(t)
	if m := h.take(rows); m.Kept || h.customers() != "" || badRows(m.Bad) != "3 name import.name, 4 contact_email import.email" {
		t.Errorf("nothing was to be kept: %+v, %s", m, h.customers())
	}
	if m := h.take(rows, partial); !m.Kept || m.Added != 1 || m.Services != 0 || !strings.HasPrefix(h.customers(), "Kuusi Oy|") {
		t.Errorf("one customer was to be kept: %+v, %s", m, h.customers())
	}
}

// An import leaves one link in the register's chain, with what it changed.
func TestImportIsAudited(t *testing.T) {
	h := newHouse(t)
	chain := func() []*incident.Audit {
		links, err := h.db.Chain(ctx, "register", 0, 100)
		h.must(err)
		return links
	}
	before := len(chain())
	h.take("Kuusi Oy;;;Hoivapäivyri;;aino@kuusi.example;;;\n", rehearsed)
	h.take("Kuusi Oy;;;Hoivapäivyri;;aino@kuusi.example;;;\n")
	h.take("Kuusi Oy;;;Hoivapäivyri;;aino@kuusi.example;;;\n")
	h.take("Kuusi Oy;;sv;;;;;;\n")
	links := chain()
	if len(links) != before+2 {
		t.Fatalf("%d links, want %d: one for each import that changed something", len(links), before+2)
	}
	last := links[len(links)-1]
	for _, want := range []string{`"file_sha256":"`, `"was":{`, `"Lang":"fi"`, `"Lang":"sv"`} {
		if !strings.Contains(string(last.Content), want) {
			t.Errorf("the link says %s, want %s in it", last.Content, want)
		}
	}
	if last.Act != "import" || !last.Holds() {
		t.Errorf("link %+v", last)
	}
}

func TestImportIsRepeatedHarmlessly(t *testing.T) {
	h := newHouse(t)
	key := func(in *incident.Import) { in.Key, in.Partial = "k", true }
	first := h.take("Kuusi Oy;;;Hoivapäivyri;;aino@kuusi.example;;;\n;;;;;;;;x\n", key)
	again := h.take("anything at all", key)
	if again.Added != 1 || !again.Kept || badRows(again.Bad) != badRows(first.Bad) || len(again.Bad) != 1 {
		t.Errorf("the repeat says %+v, the first said %+v", again, first)
	}
}

func TestImportNeedsTheRole(t *testing.T) {
	h := newHouse(t)
	by := incident.Actor{ID: "u2", Name: "Ville", Roles: []incident.Role{incident.Auditor}, Via: "web"}
	_, err := h.ImportCustomers(ctx, by, incident.Import{Data: strings.NewReader("name\nA\n")})
	if incident.KindOf(err) != incident.Forbidden {
		t.Errorf("an auditor imports: %v", err)
	}
	_, err = h.ImportCustomers(ctx, staff, incident.Import{Data: strings.NewReader("")})
	var e *incident.Error
	if !errors.As(err, &e) || e.Key != "import.empty" {
		t.Errorf("an empty file: %v", err)
	}
}

// Ten thousand customers are one act, and come out as they went in.
func TestImportOfTenThousand(t *testing.T) {
	h := newHouse(t)
	var rows strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&rows, "Asiakas %05d Oy;;%s;Palvelu %d;Yhteys %d;a%d@asiakas.example;09 %d;%d;t-%d\n",
			i, []string{"fi", "sv", "en"}[i%3], i%7, i, i, i, i%72, i)
	}
	steps, last := 0, 0
	began := time.Now()
	m := h.take(rows.String(), func(in *incident.Import) {
		in.Step = func(done, total int) {
			if done < last || total != 10_000 {
				t.Errorf("step %d of %d after %d", done, total, last)
			}
			steps, last = steps+1, done
		}
	})
	t.Logf("10000 customers in %v", time.Since(began))
	if m.Added != 10_000 || m.Services != 7 || len(m.Bad)+len(m.Doubts) != 0 || last != 10_000 || steps < 50 {
		t.Errorf("imported %+v in %d steps", m, steps)
	}
	again := h.take(rows.String())
	if again.Same != 10_000 || again.Kept {
		t.Errorf("again: %+v", again)
	}
}
