package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"io"
	"net/mail"
	"strings"
	"testing"
	"time"

	gomail "github.com/emersion/go-message/mail"

	"hatakello/incident"
	"hatakello/notify"
	"hatakello/templates"
)

func testComposer(t testing.TB) *composer {
	t.Helper()
	w, err := templates.LoadWords()
	if err != nil {
		t.Fatal(err)
	}
	return &composer{words: w, from: mail.Address{Name: "Esimerkki", Address: "kello@esimerkki.test"}, site: "https://kello.esimerkki.test"}
}

// viewOf fills every field with the marker.
func viewOf(mark, lang string) incident.View {
	f := func(s string) incident.Fact { return incident.Fact{Text: mark + s, Sure: incident.Known} }
	at := time.Date(2026, 3, 12, 12, 5, 0, 0, time.UTC)
	return incident.View{
		Organisation: incident.Organisation{Name: "Esimerkkipalvelut Oy", Email: "tietosuoja@esimerkki.test", Phone: "+358 00 000 9999"},
		Number:       "2026-014", Controller: mark + "Oy", Lang: lang, Services: []string{mark + "palvelu"},
		Stated: incident.Stated{Facts: incident.Facts{Nature: f("n"), Data: f("d"), Groups: f("g"), Consequences: f("c"), Measures: f("m"),
			Advice: f("a"), People: incident.Amount{Low: 12, Sure: "exact"}}},
		Was: &incident.Stated{Facts: incident.Facts{Nature: f("was")}},
		N:   1, Said: mark + "said", Contact: incident.Contact{Name: mark + "name", Email: mark + "@asiakas.test"},
		Secret: mark + "secret", Code: mark + "code", Delivery: mark + "id", At: at,
	}
}

func TestNoticeBytes(t *testing.T) {
	c := testComposer(t)
	letter, err := c.notice(viewOf("x", "sv"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := mail.ReadMessage(bytes.NewReader(letter.Raw))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"Message-Id": "<xid@esimerkki.test>", "Reply-To": "<tietosuoja@esimerkki.test>", "To": `"xname" <x@asiakas.test>`,
		"From": `"Esimerkki" <kello@esimerkki.test>`, "Content-Language": "sv",
	} {
		if got := m.Header.Get(name); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	if !strings.Contains(letter.Text, "https://kello.esimerkki.test/n/xsecret") || !strings.Contains(letter.Subject, "2026-014") {
		t.Errorf("letter %q: %s", letter.Subject, letter.Text)
	}
}

func TestNoticeIsSigned(t *testing.T) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := testComposer(t)
	c.keys = []notify.Key{{Domain: "esimerkki.test", Selector: "e1", Signer: key}}
	letter, err := c.notice(viewOf("x", "fi"))
	if err != nil || !bytes.HasPrefix(letter.Raw, []byte("DKIM-Signature: ")) {
		t.Errorf("%v, %.60q", err, letter.Raw)
	}
}

// The notice goes with the mail as a file for machines: signed, saying what the
// mail says, and without the secret of its link.
func TestNoticeFile(t *testing.T) {
	c := testComposer(t)
	c.sign = ed25519.NewKeyFromSeed([]byte(strings.Repeat("k", 32)))
	v := viewOf("x", "sv")
	letter, err := c.notice(v)
	if err != nil {
		t.Fatal(err)
	}
	name, file := attached(t, letter.Raw)
	got, err := incident.VerifyNotice(file)
	if err != nil {
		t.Fatalf("%v\n%s", err, file)
	}
	n := got.Notice
	if name != "2026-014-v1.json" || n.Controller != v.Controller || n.Code != v.Code || n.Number != 1 || n.Subject != letter.Subject || n.SentAt != "2026-03-12T12:05:00Z" {
		t.Errorf("%s: %+v", name, n)
	}
	if n.Text != strings.ReplaceAll(letter.Text, v.Secret, "…") || strings.Contains(string(file), v.Secret) {
		t.Errorf("the file says %q", n.Text)
	}
	for _, want := range []string{name, "https://kello.esimerkki.test/check", "hatakello verify", "https://kello.esimerkki.test/.well-known/hatakello-keys.json"} {
		if !strings.Contains(letter.Text, want) {
			t.Errorf("the mail does not name %s", want)
		}
	}
	for _, i := range []int{len(file) / 4, len(file) / 2, len(file) - 20} {
		bad := bytes.Clone(file)
		bad[i] ^= 1
		if _, err := incident.VerifyNotice(bad); err == nil {
			t.Errorf("byte %d changed, and it verifies", i)
		}
	}
}

// attached reads the one file that goes with a mail, as a mail program does.
func attached(t *testing.T, raw []byte) (name string, data []byte) {
	t.Helper()
	r, err := gomail.CreateReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	for {
		p, err := r.NextPart()
		if err == io.EOF {
			return name, data
		}
		if err != nil {
			t.Fatal(err)
		}
		h, ok := p.Header.(*gomail.AttachmentHeader)
		if !ok {
			continue
		}
		if data != nil {
			t.Error("more than one file")
		}
		if name, err = h.Filename(); err != nil {
			t.Fatal(err)
		}
		if data, err = io.ReadAll(p.Body); err != nil {
			t.Fatal(err)
		}
	}
}

// One customer's odd data must not keep the others from being told.
func TestNoticeIsComposedWhateverWasTyped(t *testing.T) {
	c := testComposer(t)
	for name, spoil := range map[string]func(*incident.View){
		"break in a name":    func(v *incident.View) { v.Contact.Name = "a\r\nBcc: e@x.test" },
		"break in the org":   func(v *incident.View) { v.Organisation.Name = "a\nb"; v.Organisation.Email = "c\nd" },
		"control characters": func(v *incident.View) { v.Said = "a\x00b\x1b[31m\xff\r\nc\ufffd" },
		"endless name":       func(v *incident.View) { v.Contact.Name = strings.Repeat("Ä", 5000) },
		"endless word":       func(v *incident.View) { v.Facts.Nature.Text = strings.Repeat("x", 20000) },
		"no sender": func(v *incident.View) {
			c.from = mail.Address{}
			v.Organisation = incident.Organisation{}
		},
		"unknown language and zone": func(v *incident.View) { v.Lang, v.Organisation.Zone = "de", "Mars/Base" },
	} {
		v := viewOf("x", "fi")
		spoil(&v)
		letter, err := c.notice(v)
		if err != nil || len(letter.Raw) == 0 || bytes.Contains(letter.Raw, []byte("\nBcc:")) {
			t.Errorf("%s: %v, %d bytes", name, err, len(letter.Raw))
		}
	}
	for _, address := range []string{"", "no address", "a@b.test, c@d.test", "öivi@x.test"} {
		v := viewOf("x", "fi")
		v.Contact.Email = address
		letter, err := c.notice(v)
		if err != nil || letter.Raw != nil || letter.Text == "" {
			t.Errorf("%q: %v, %d bytes", address, err, len(letter.Raw))
		}
	}
}

// Faults 46 and the leak proof: a marker in every field of a hundred
// controllers' views turns up in their own mail only, and in no alarm.
func TestMarkersStayAtHome(t *testing.T) {
	c := testComposer(t)
	const n = 100
	var mails [n]string
	for i := range mails {
		letter, err := c.notice(viewOf(fmt.Sprintf("QX%03dQ", i), templates.Langs[i%3]))
		if err != nil {
			t.Fatal(err)
		}
		mails[i] = letter.Subject + letter.Text + string(letter.Raw)
	}
	for i, m := range mails {
		for j := range mails {
			if got := strings.Contains(m, fmt.Sprintf("QX%03dQ", j)); got != (i == j) {
				t.Fatalf("marker %d in mail %d: %v", j, i, got)
			}
		}
	}
}

func TestAlarmBytes(t *testing.T) {
	c := testComposer(t)
	a := incident.Alarm{Key: "logged", Incident: "i1", Number: "2026-014", Address: "yo@esimerkki.test", Route: incident.ByMail, ID: "d1", Records: 3, At: time.Unix(1e9, 0)}
	letter, err := c.alarm(a)
	if err != nil || !bytes.Contains(letter.Raw, []byte("To: <yo@esimerkki.test>")) || !strings.Contains(letter.Text, c.site+"/incidents/i1") {
		t.Errorf("%v\n%s", err, letter.Raw)
	}
	a.Route, a.Address = incident.BySlack, "#kello"
	letter, err = c.alarm(a)
	if err != nil || !bytes.Contains(letter.Raw, []byte(`"event_type":"hatakello_alarm"`)) || !bytes.Contains(letter.Raw, []byte(c.site+"/incidents/i1")) {
		t.Errorf("%v\n%s", err, letter.Raw)
	}
}

func BenchmarkNotice(b *testing.B) {
	c, v := testComposer(b), viewOf("x", "fi")
	for b.Loop() {
		if _, err := c.notice(v); err != nil {
			b.Fatal(err)
		}
	}
}
