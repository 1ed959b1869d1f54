package incident

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
)

const header = "name;business_id;language;service;contact_name;contact_email;contact_phone;contract_hours;tenant_id\n"

// report writes bad rows as "line field key".
func report(rows []BadRow) string {
	var b strings.Builder
	for _, r := range rows {
		fmt.Fprintf(&b, "%d %s %s\n", r.Line, r.Field, r.Err.Key)
	}
	return strings.TrimSpace(b.String())
}

// show writes the customers of a table, one a line.
func show(t *customerTable) string {
	var b strings.Builder
	for _, k := range t.Customers {
		fmt.Fprintf(&b, "%d %s|%s|%s|%d|%v|%v\n", k.line, k.row.name, k.row.businessID, k.row.lang, k.row.hours, toldOf(k.contacts), k.uses)
	}
	return strings.TrimSpace(b.String())
}

func TestParseCustomers(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"all columns", header + "Kuusi Oy;1234567-1;fi;Palkka;Aino;aino@kuusi.example;+358 9 1;24;t-1\n",
			"2 Kuusi Oy|1234567-1|fi|24|[{Aino aino@kuusi.example +358 9 1}]|[{Palkka t-1}]"},
		{"commas, other order, unknown column", "e-mail,NAME,colour\na@b.example,Kuusi,red\n",
			"2 Kuusi|||-1|[{ a@b.example }]|[]"},
		{"tabs and Finnish names", "Asiakkaan nimi\tY-tunnus\tKieli\tSähköposti\tSopimustunnit\nKuusi\tFI12345671\truotsi\ta@b.example\t12 t\n",
			"2 Kuusi|1234567-1|sv|12|[{ a@b.example }]|[]"},
		{"Swedish names", "Kund;FO-nummer;Språk;Tjänst;Kontaktperson;E-post;Telefon;Avtalstimmar;Kund-ID\nGran Ab;1234567-1;engelska;Lön;Åsa;a@b.example;09 1;0;x\n",
			"2 Gran Ab|1234567-1|en|0|[{Åsa a@b.example 09 1}]|[{Lön x}]"},
		{"separator named on the first line", "sep=,\nname,email\nKuusi,a@b.example\n", "3 Kuusi|||-1|[{ a@b.example }]|[]"},
		{"one business id on several rows", header +
			"Kuusi Oy;1234567-1;;Palkka;Aino;aino@kuusi.example;;;t-1\n" +
			"Mänty;;sv;Palkka;;m@manty.example;;;\n" +
			"kuusi oy;1234567-1;fi;Aika;Eino;eino@kuusi.example;;48;\n" +
			"Kuusi Oy;;;Aika;;AINO@kuusi.example;09 1;;t-2\n",
			"2 Kuusi Oy|1234567-1|fi|48|[{Aino aino@kuusi.example 09 1} {Eino eino@kuusi.example }]|[{Palkka t-1} {Aika t-2}]\n" +
				"3 Mänty||sv|-1|[{ m@manty.example }]|[{Palkka }]"},
		{"two tenants of one service", header + "A;;;S;;a@b.example;;;1\nA;;;s;;;;;2\nA;;;S;;;;;\n",
			"2 A|||-1|[{ a@b.example }]|[{S 1} {s 2}]"},
		{"formula defused by an apostrophe", header + "A;;;;;a@b.example;'+358 1;;\n", "2 A|||-1|[{ a@b.example +358 1}]|[]"},
		{"quoted fields over lines", "name;email\n\"Kuusi\nOy\";a@b.example\n\nB;b@b.example\n",
			"2 Kuusi Oy|||-1|[{ a@b.example }]|[]\n5 B|||-1|[{ b@b.example }]|[]"},
		{"marks written after letters, hard and unseen spaces", "name;email\nMa\u0308nty\u00a0Oy\u200b;a@b.example\n", "2 Mänty Oy|||-1|[{ a@b.example }]|[]"},
		{"only carriage returns", "name;email\rA;a@b.example\r", "2 A|||-1|[{ a@b.example }]|[]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := parseCustomers(strings.NewReader(tt.in))
			if err != nil {
				t.Fatalf("parseCustomers: %v", err)
			}
			if bad := report(got.Bad); bad != "" {
				t.Errorf("bad rows:\n%s", bad)
			}
			if s := show(got); s != tt.want {
				t.Errorf("customers =\n%s\nwant\n%s", s, tt.want)
			}
		})
	}
}

func TestParseCustomersReportsRows(t *testing.T) {
	tests := []struct{ name, in, bad, doubts string }{
		{"every bad cell of a row", ";1234567-2;norja;;;a(at)b;soitto;800;\n",
			"2 name import.name\n2 business_id import.business_id_check\n2 language import.language\n2 contact_email import.email\n" +
				"2 contact_phone import.phone\n2 contract_hours import.hours", ""},
		{"business ids", "A;12;;;;a@b.example;;;\nB;1234568-1;;;;a@b.example;;;\n", "2 business_id import.business_id\n3 business_id import.business_id_never", ""},
		{"addresses", "A;;;;;Aino <a@b.example>;;;\nB;;;;;a@b.example, c@d.example;;;\nC;;;;;ääkkönen@b.example;;;\nD;;;;;a@localhost;;;\n" +
			"E;;;;;\"a@b.example\r\nBcc: c@d.example\";;;\nF;;;;;\"\"\"a b\"\"@b.example\";;;\nH;;;;;a@b.example\x00;;;\n",
			"2 contact_email import.email\n3 contact_email import.email_several\n4 contact_email import.email\n5 contact_email import.email\n" +
				"6 contact_email import.email_several\n8 contact_email import.email\n9 contact_email import.control", ""},
		{"hours", "A;;;;;a@b.example;;721;\nB;;;;;a@b.example;;-1;\nC;;;;;a@b.example;;1,5;\nD;;;;;a@b.example;;1e2;\nE;;;;;a@b.example;;720;\n",
			"2 contract_hours import.hours\n3 contract_hours import.hours\n4 contract_hours import.hours\n5 contract_hours import.hours", ""},
		{"what spreadsheets spoil", "=A1;;;;;a@b.example;;;\n@SUM(A1);;;;;a@b.example;;;\n#REF!;;;;;a@b.example;;;\nA;;;S;;a@b.example;;;1,23E+11\n" +
			"A;;;S;;a@b.example;3,58E+11;;\n+A Oy;;;;;a@b.example;;;\n",
			"2 name import.formula\n3 name import.formula\n4 name import.formula\n5 tenant_id import.rounded\n6 contact_phone import.phone", ""},
		{"encoding spoilt on the way", "MÃ¤nty;;;;;a@b.example;;;\nM\ufffdnty;;;;;a@b.example;;;\nA\u202eB;;;;;a@b.example;;;\nÃtelä;;;;;a@b.example;;;\n",
			"2 name import.garbled\n3 name import.garbled\n4 name import.control", ""},
		{"contradictions", "A;1234567-1;fi;;Aino;a@b.example;1;24;\nB;1234567-1;;;;;;;\nA;1234567-1;sv;;;;;;\nA;1234567-1;;;;;;48;\n" +
			"A;1234567-1;;;Eino;a@b.example;;;\nA;1234567-1;;;;a@b.example;2;;\nA;1234567-1;;;;;;;\n",
			"3 name import.contradiction\n4 language import.contradiction\n5 contract_hours import.contradiction\n" +
				"6 contact_name import.contradiction\n7 contact_phone import.contradiction", ""},
		{"a name that two customers have", "A;1234567-1;;;;a@b.example;;;\nA;0245974-7;;;;b@b.example;;;\nA;;;;;c@b.example;;;\n",
			"4 business_id import.ambiguous", ""},
		{"broken quotes", "A \"B\";;;;;a@b.example;;;\n\"B\"x;;;;;a@b.example;;;\nC;;;;;c@b.example;;;\n", "2 row import.quote\n3 row import.quote", ""},
		{"a quote that is never closed", "A;;;;;a@b.example;;;\n\"B;;;;;b@b.example;;;\nC;;;;;c@b.example;;;\n", "3 row import.quote_lines", ""},
		{"too many and too few cells", "A;;;;;a@b.example;;;;;\nB;;;;;b@b.example;;;;x\nC;;\n", "3 row import.columns\n4 row import.columns", ""},
		{"a contact who cannot be reached", "A;;;;Aino;;;;\n", "2 contact_email import.contact_empty", ""},
		{"too long", strings.Repeat("ä", 201) + ";;;;;a@b.example;;;\n", "2 name import.too_long", ""},
		{"doubts", "A;;;;;a@b.example;;;t1\nB;;;S;;b@b.example;;;t2\nC;;;s;;c@b.example;;;t2\n\u0410BC;;;;;d@b.example;;;\n", "",
			"2 service import.tenant_alone\n4 tenant_id import.tenant_shared\n5 name import.lookalike"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := parseCustomers(strings.NewReader(header + tt.in))
			if err != nil {
				t.Fatalf("parseCustomers: %v", err)
			}
			if s := report(got.Bad); s != tt.bad {
				t.Errorf("bad rows =\n%s\nwant\n%s", s, tt.bad)
			}
			if s := report(got.Doubts); s != tt.doubts {
				t.Errorf("doubts =\n%s\nwant\n%s", s, tt.doubts)
			}
		})
	}
}

func TestParseCustomersRefusesFiles(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"nothing", "", "import.empty"},
		{"only a header", header, "import.empty"},
		{"no header", "Kuusi Oy;1234567-1;a@b.example\n", "import.header"},
		{"a column twice", "name;email;E-mail\nA;a@b.example;\n", "import.column_twice"},
		{"a broken header", "\"name;email\nA;a@b.example\n", "import.header_quote"},
		{"a spreadsheet", "PK\x03\x04 and more", "import.not_csv"},
		{"UTF-16 without its mark", "n\x00a\x00m\x00e\x00", "import.encoding"},
		{"UTF-16 cut short", "\xff\xfen\x00a", "import.encoding"},
		{"UTF-8 in one line, Latin-1 in another", "name;email\nMänty;a@b.example\nM\xe4nty;a@b.example\n", "import.encoding"},
		{"bytes without a character", "name;email\nM\x81;a@b.example\n", "import.encoding"},
		{"too large", strings.Repeat("x", maxImportBytes+1), "import.too_large"},
		{"too many rows", "name\n" + strings.Repeat("a\n", maxImportRows+1), "import.too_many"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := parseCustomers(strings.NewReader(tt.in))
			var e *Error
			if !errors.As(err, &e) || e.Key != tt.want {
				t.Errorf("parseCustomers: %v, want %s", err, tt.want)
			}
		})
	}
}

func TestParseCustomersEncodings(t *testing.T) {
	const text = "nimi;sähköposti\nMäntymäki – Åsa €;a@b.example\n"
	var le, be strings.Builder
	le.WriteString("\xff\xfe")
	be.WriteString("\xfe\xff")
	for _, u := range utf16.Encode([]rune(text)) {
		le.Write([]byte{byte(u), byte(u >> 8)})
		be.Write([]byte{byte(u >> 8), byte(u)})
	}
	w1252 := strings.NewReplacer("ä", "\xe4", "ö", "\xf6", "Å", "\xc5", "–", "\x96", "€", "\x80").Replace(text)
	tests := []struct{ name, in, want string }{
		{"UTF-8", text, "utf-8"},
		{"UTF-8 with a mark", "\xef\xbb\xbf" + text, "utf-8"},
		{"UTF-16 little-endian", le.String(), "utf-16"},
		{"UTF-16 big-endian", be.String(), "utf-16"},
		{"Windows-1252", w1252, "windows-1252"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := parseCustomers(strings.NewReader(tt.in))
			if err != nil {
				t.Fatalf("parseCustomers: %v", err)
			}
			if got.Encoding != tt.want {
				t.Errorf("encoding = %q, want %q", got.Encoding, tt.want)
			}
			if s, want := show(got), "2 Mäntymäki – Åsa €|||-1|[{ a@b.example }]|[]"; s != want {
				t.Errorf("customers = %s, want %s", s, want)
			}
		})
	}
}

// toldOf writes contacts as a file gives them.
func toldOf(all []Contact) []string {
	told := make([]string, len(all))
	for i, c := range all {
		told[i] = fmt.Sprintf("{%s %s %s}", c.Name, c.Email, c.Phone)
	}
	return told
}

// A list of ten times the rows may take about ten times as long, not a hundred
// times, whichever way its rows belong together.
func TestParseCustomersTakesLinearTime(t *testing.T) {
	shapes := map[string]string{
		"a customer a row":            "Asiakas %[1]d;;fi;Palvelu %[1]d;Aino;a%[1]d@b.example;09 %[1]d;24;t%[1]d\n",
		"one customer, one contact":   "Asiakas;;fi;Palvelu;Aino;a@b.example;;24;\n",
		"one customer, many contacts": "Asiakas;;fi;Palvelu;Aino;a%d@b.example;;24;\n",
		"one customer, many tenants":  "Asiakas;;fi;Palvelu;Aino;a@b.example;;24;t%d\n",
		"all bad":                     ";;xx;;;%d;x;x;\n",
	}
	for name, shape := range shapes {
		t.Run(name, func(t *testing.T) {
			if strings.Count(shape, "%") == 0 {
				shape += "%.0d"
			}
			times := map[int]time.Duration{}
			for _, n := range []int{2_000, 20_000} {
				var b strings.Builder
				b.WriteString(header)
				for i := range n {
					fmt.Fprintf(&b, shape, i)
				}
				start := time.Now()
				got, err := parseCustomers(strings.NewReader(b.String()))
				times[n] = time.Since(start)
				if err != nil || got.Rows < n {
					t.Fatalf("%d rows: %v, %v", n, got, err)
				}
			}
			if times[20_000] > 60*max(times[2_000], 5*time.Millisecond) {
				t.Errorf("2000 rows took %v, 20000 rows %v", times[2_000], times[20_000])
			}
		})
	}
}

// FuzzCustomers holds the parser to what the register and the mails rely on,
// whatever is in the file.
func FuzzCustomers(f *testing.F) {
	for _, s := range []string{header + "A;1234567-1;fi;S;N;a@b.example;1;2;t\n", "nimi,email\n\"A\nB\",x@y.example\n", "\xff\xfen\x00",
		"sep=;\nname\nA\n", "name\n\"A\n", "name;email\nM\xe4;a@b.example", "name;email\n=A;'=B\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := parseCustomers(strings.NewReader(string(data)))
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || e.Kind != Invalid || e.Key == "" {
				t.Fatalf("error %v is not one to show", err)
			}
			return
		}
		lines := strings.Count(string(data), "\n") + strings.Count(string(data), "\r") + 1
		for _, r := range append(got.Bad, got.Doubts...) {
			if r.Line < 2 || r.Line > lines || r.Field == "" || r.Err == nil || r.Err.Field != r.Field {
				t.Errorf("row %+v, file of %d lines", r, lines)
			}
		}
		for _, k := range got.Customers {
			if k.row.name == "" || strings.ContainsAny(k.row.name, "\r\n\x00") {
				t.Errorf("name %q", k.row.name)
			}
			for _, c := range k.contacts {
				if c.Email == "" && c.Phone == "" || strings.ContainsAny(c.Email+c.Name+c.Phone, "\r\n\x00") {
					t.Errorf("contact %+v", c)
				}
			}
		}
	})
}
