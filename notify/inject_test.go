package notify

import (
	"bytes"
	"net/mail"
	"slices"
	"strings"
	"testing"

	gomessage "github.com/emersion/go-message"
	"pgregory.net/rapid"

	"hatakello/incident"
)

// sharp are pieces of which attacks on headers are made, beside any runes.
var sharp = []string{"\r\n", "\n", "\r", "\x00", "\r\n ", "\r\nBcc: e@evil.test", "\nBcc: e@evil.test\n\n", "\r\n\r\n<script>", "=?utf-8?q?=0D=0ABcc:_e@evil.test?=",
	"\"", "\\", "<e@evil.test>", ",e@evil.test", ";", "%0d%0aBcc:", "\u2028", "\u0085", "\u00a0", "Ä", "日本", "🕊", "@", " ", "\t", "(x)", "=?", "?=", strings.Repeat("a", 300)}

// nasty draws text made of sharp pieces and of any others.
func nasty(t *rapid.T, name string) string {
	return strings.Join(rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(sharp), rapid.StringN(0, 12, 40)), 0, 5).Draw(t, name), "")
}

// Fault 58: whatever stands in a field that reaches a header, the mail is
// either refused or has exactly the fields of a mail of ours, each once, with
// one receiver, and the texts are where they were.
func TestFault58HeaderInjection(t *testing.T) {
	built := 0
	attack := func(t *rapid.T) {
		m := sample()
		for _, f := range []struct {
			name string
			to   *string
		}{{"id", &m.ID}, {"lang", &m.Lang}, {"subject", &m.Subject}, {"from name", &m.From.Name}, {"from", &m.From.Address},
			{"to name", &m.To.Name}, {"to", &m.To.Address}, {"reply-to", &m.ReplyTo}, {"text", &m.Text}, {"html", &m.HTML}} {
			if rapid.IntRange(0, 4).Draw(t, "attack "+f.name) == 0 {
				*f.to = nasty(t, f.name)
			}
		}
		raw, err := BuildMail(m)
		if err != nil {
			return
		}
		built++
		e, err := gomessage.Read(bytes.NewReader(raw))
		if err != nil && !foreign(err) {
			t.Fatalf("unreadable: %v", err)
		}
		var names []string
		for f := e.Header.Fields(); f.Next(); {
			names = append(names, f.Key())
		}
		slices.Sort(names)
		if want := slices.Compact(slices.Clone(names)); len(want) != len(names) || slices.ContainsFunc(names, func(s string) bool { return !slices.Contains(fields, s) }) {
			t.Fatalf("fields %q", names)
		}
		for _, field := range []string{"From", "To", "Reply-To"} {
			list, err := mail.ParseAddressList(e.Header.Get(field))
			if err != nil || len(list) != 1 || strings.HasSuffix(list[0].Address, "evil.test") && !strings.Contains(m.From.Address+m.To.Address+m.ReplyTo, "evil.test") {
				t.Fatalf("%s reads as %v, %v", field, list, err)
			}
		}
		head, _, _ := strings.Cut(string(raw), "\r\n\r\n") // a text may say Bcc: as it likes
		if strings.Contains(head, "\r\nBcc:") || strings.Contains(strings.ReplaceAll(string(raw), "\r\n", ""), "\n") {
			t.Fatalf("raw %q", raw)
		}
	}
	for range 20 {
		rapid.Check(t, attack)
	}
	if built < 200 {
		t.Error("no mail was built: the test proves nothing")
	}
}

// The same for what reaches a command: an envelope is three lines, whatever
// stands in the sender's, the receiver's and the message's names.
func TestFault58CommandInjection(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := letter{id: nasty(t, "id"), from: Relay{Sender: nasty(t, "sender"), VERP: true}.from(nasty(t, "verp")), to: nasty(t, "to"), body: []byte("x\r\n")}
		if box, err := Mailbox(l.to); err == nil {
			l.to = box
		}
		if strings.ContainsAny(l.from+l.to, unsayable) {
			return // send refuses it
		}
		s := &session{offers: offers{pipelining: true, dsn: true, size: true}}
		for _, c := range s.envelope(l) {
			if strings.ContainsAny(c.line, "\r\n\x00") {
				t.Fatalf("command %q", c.line)
			}
		}
	})
	s := &session{}
	for _, to := range []string{"a@b.test>\r\nRCPT TO:<e@evil.test", "a b@c.test", "a@b.test\x00"} {
		if _, err := s.send(t.Context(), letter{to: to}); err == nil {
			t.Errorf("%q is said", to)
		}
	}
	if _, err := (&Mail{}).Send(t.Context(), &incident.Delivery{Address: "a@b.test\r\nX: y", Body: []byte("x")}); err == nil {
		t.Error("an address with a line break is taken")
	}
}
