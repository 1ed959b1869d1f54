package notify

import (
	"bytes"
	"io"
	"net/mail"
	"strings"
	"testing"
	"time"

	gomail "github.com/emersion/go-message/mail"
)

func sample() Message {
	return Message{
		ID:   "01JD8XW3K2",
		From: mail.Address{Name: "Esimerkki Oy, tietosuoja", Address: "tietosuoja@esimerkki.test"},
		To:   mail.Address{Name: "Äijälä, Öivi", Address: "oivi@asiakas.test"}, ReplyTo: "vastaus@esimerkki.test",
		Subject: "Tietoturvaloukkaus 2026-014: pyydämme kuittausta – " + strings.Repeat("pitkä aihe ", 12),
		Lang:    "fi", Date: time.Date(2026, 3, 12, 12, 5, 0, 0, time.UTC),
		Text: "Hei\n\n.piste rivin alussa\n" + strings.Repeat("ä", 2000) + "\nFrom tässä\n",
		HTML: "<p>Hei &amp; <b>ä</b></p>\n",
	}
}

func TestBuildMail(t *testing.T) {
	raw, err := BuildMail(sample())
	if err != nil {
		t.Fatal(err)
	}
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"Message-ID": "<01JD8XW3K2@esimerkki.test>", "Auto-Submitted": "auto-generated",
		"Date": "Thu, 12 Mar 2026 12:05:00 +0000", "Reply-To": "<vastaus@esimerkki.test>", "Content-Language": "fi",
		"From": `"Esimerkki Oy, tietosuoja" <tietosuoja@esimerkki.test>`,
	} {
		if got := m.Header.Get(name); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	to, err := m.Header.AddressList("To")
	if err != nil || len(to) != 1 || to[0].Name != "Äijälä, Öivi" {
		t.Errorf("To = %v, %v", to, err)
	}
	readsAs(t, raw, sample().Text, sample().HTML)
	for line := range strings.SplitSeq(string(raw), "\r\n") {
		if len(line) > fold {
			t.Errorf("line of %d bytes: %.40q", len(line), line)
		}
	}
}

func TestBuildMailRefuses(t *testing.T) {
	evil := "x\r\nBcc: evil@example.test"
	tests := map[string]func(*Message){
		"subject":          func(m *Message) { m.Subject = evil },
		"lone LF":          func(m *Message) { m.Subject = "a\nb" },
		"NUL":              func(m *Message) { m.Subject = "a\x00b" },
		"name":             func(m *Message) { m.To.Name = evil },
		"address":          func(m *Message) { m.To.Address = "c@example.test>\r\nRCPT TO:<evil@example.test" },
		"two addresses":    func(m *Message) { m.To.Address = "a@example.test, b@example.test" },
		"quoted local":     func(m *Message) { m.To.Address = `"a b"@example.test` },
		"foreign local":    func(m *Message) { m.To.Address = "öivi@example.test" },
		"sender":           func(m *Message) { m.From.Address = "nobody" },
		"sender name":      func(m *Message) { m.From.Name = evil },
		"reply":            func(m *Message) { m.ReplyTo = evil },
		"id":               func(m *Message) { m.ID = "a@b>\r\nX: y" },
		"language":         func(m *Message) { m.Lang = evil },
		"no text":          func(m *Message) { m.Text = "" },
		"carriage return":  func(m *Message) { m.Text = "a\rb" },
		"invalid UTF-8":    func(m *Message) { m.HTML = "a\xff" },
		"endless subject":  func(m *Message) { m.Subject = strings.Repeat("ä", subjectMax+1) },
		"domain of spaces": func(m *Message) { m.To.Address = "a@exa mple.test" },
	}
	for name, spoil := range tests {
		m := sample()
		spoil(&m)
		if raw, err := BuildMail(m); err == nil {
			t.Errorf("%s: built %.300q, want an error", name, raw)
		}
	}
}

func TestDomainsAreWrittenInASCII(t *testing.T) {
	m := sample()
	m.To.Address = "oivi@mäkelä.test"
	raw, err := BuildMail(m)
	if err != nil || !bytes.Contains(raw, []byte("<oivi@xn--mkel-load.test>")) {
		t.Errorf("got %v, %.300s", err, raw)
	}
}

// FuzzBuildMail looks for any text that makes a field, receiver or part of its
// own: whatever is built must hold exactly the fields that we write.
func FuzzBuildMail(f *testing.F) {
	f.Add("a\r\nBcc: e@x.test", "a", "b@c.test", "id", "fi", "text", "<p>")
	f.Add("=?utf-8?q?=0D=0ABcc:_e@x.test?=", "n\u0085X-Evil: 1", "a@b.test>,<c@d.test", "i-d", "sv", ".\n..\n--x", "\u2028")
	f.Add("a,b <c@d.test>", `"q" \`, "a@[127.0.0.1]", "x", "en", "--\n", "</html>")
	f.Fuzz(func(t *testing.T, subject, name, to, id, lang, text, html string) {
		m := Message{ID: id, From: mail.Address{Name: name, Address: "a@b.test"}, To: mail.Address{Name: name, Address: to},
			ReplyTo: to, Subject: subject, Lang: lang, Date: time.Unix(0, 0), Text: text, HTML: html}
		raw, err := BuildMail(m)
		if err != nil {
			return
		}
		head, _, _ := strings.Cut(string(raw), "\r\n\r\n")
		names := ""
		for line := range strings.SplitSeq(head, "\r\n") {
			if strings.ContainsAny(line, "\r\n\x00\u0085\u2028") {
				t.Errorf("broken line %q", line)
			}
			if !strings.HasPrefix(line, " ") {
				names += line[:strings.Index(line, ":")+1]
			}
		}
		want := "From:To:Reply-To:Subject:Date:Message-ID:Auto-Submitted:Content-Language:MIME-Version:Content-Type:"
		if got := strings.TrimSuffix(names, "Content-Transfer-Encoding:"); got != want {
			t.Errorf("fields %s, want %s", got, want)
		}
		parsed, err := mail.ReadMessage(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		if list, err := parsed.Header.AddressList("To"); err != nil || len(list) != 1 {
			t.Errorf("To = %v, %v", list, err)
		}
		readsAs(t, raw, text, html)
	})
}

// readsAs reads a mail's parts with another parser and compares them.
func readsAs(t *testing.T, raw []byte, texts ...string) {
	t.Helper()
	r, err := gomail.CreateReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range texts {
		if want == "" {
			continue
		}
		part, err := r.NextPart()
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(part.Body)
		if err != nil || strings.ReplaceAll(string(got), "\r\n", "\n") != want {
			t.Errorf("a part reads %.200q, want %.200q (%v)", got, want, err)
		}
	}
}
