package incident

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func testKey(b byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{b}, ed25519.SeedSize))
}

func signedNotice(t testing.TB) []byte {
	t.Helper()
	file, err := SignNotice(NoticeDocument{Format: noticeFormat, Organisation: "Alikäsittelijä Oy", Contact: "turva@ali.example", Case: "2026-014",
		Controller: "Talo Oy", Number: 2, Language: "fi", Code: "KUUSI-4821", SentAt: "2026-11-22T01:12:00Z", NextUpdate: "2026-11-23T01:00:00Z",
		Subject: "Tietoturvaloukkaus", Text: "Varmuuskopio oli avoinna.\nKorjattu."}, testKey(1))
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func publicOf(b byte) string {
	return base64.StdEncoding.EncodeToString(testKey(b).Public().(ed25519.PublicKey))
}

// mailWith wraps a signed notice as an attachment, as mail programs do.
func mailWith(file []byte) []byte {
	return []byte("From: =?utf-8?q?Alik=C3=A4sittelij=C3=A4?= <turva@ali.example>\r\nSubject: Ilmoitus\r\nDate: Sun, 22 Nov 2026 03:12:00 +0200\r\n" +
		"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=raja\r\n\r\n--raja\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nKatso liite.\r\n" +
		"--raja\r\nContent-Type: application/json\r\nContent-Disposition: attachment; filename=\"notice.json\"\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
		base64.StdEncoding.EncodeToString(file) + "\r\n--raja--\r\n")
}

func TestReadNotice(t *testing.T) {
	file := signedNotice(t)
	keys, err := json.Marshal(Publish([]SignKey{{ID: KeyID(testKey(1).Public().(ed25519.PublicKey)), Public: testKey(1).Public().(ed25519.PublicKey),
		Since: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}}))
	if err != nil {
		t.Fatal(err)
	}
	latin := []byte("From: turva@ali.example\nSubject: =?iso-8859-1?Q?H=E4t=E4?=\nDate: Sun, 22 Nov 2026 03:12:00 +0200\nContent-Type: text/plain; charset=iso-8859-1\n" +
		"Content-Transfer-Encoding: quoted-printable\n\nTiet=F6j=E4 n=E4kyi.")
	markup := []byte("From: Turva <turva@ali.example>\nSubject: Notice\nContent-Type: text/html\n\n<html><head><style>p{}</style></head><p>Data &amp; logs</p><script>x()</script>open")
	tests := []struct {
		name         string
		file         []byte
		public       string
		kind, sender string
		subject      string
		text, proof  string
	}{
		{"signed, its own key", file, "", "signed", "Alikäsittelijä Oy", "Tietoturvaloukkaus", "Varmuuskopio", Intact},
		{"signed, the key given", file, publicOf(1), "signed", "Alikäsittelijä Oy", "Tietoturvaloukkaus", "Varmuuskopio", Vouched},
		{"signed, the published keys", file, string(keys), "signed", "Alikäsittelijä Oy", "Tietoturvaloukkaus", "Varmuuskopio", Vouched},
		{"signed, in a mail", mailWith(file), publicOf(1), "signed", "Alikäsittelijä Oy", "Tietoturvaloukkaus", "Varmuuskopio", Vouched},
		{"a mail in Latin-1", latin, "", "mail", "", "Hätä", "Tietöjä näkyi.", ""},
		{"a mail of markup alone", markup, "", "mail", "Turva", "Notice", "Data & logs", ""},
		{"pasted text", []byte("Tietovuoto\n\nPalvelin oli auki."), "", "text", "", "Tietovuoto", "Palvelin oli auki.", ""},
	}
	for _, tt := range tests {
		got, err := ReadNotice(tt.file, tt.public)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if got.Kind != tt.kind || got.Sender != tt.sender || got.Subject != tt.subject || !strings.Contains(got.Text, tt.text) || got.Proof != tt.proof {
			t.Errorf("%s: got %+v", tt.name, got)
		}
		if strings.Contains(got.Text, "x()") {
			t.Errorf("%s: a script is read as words", tt.name)
		}
	}
	got, _ := ReadNotice(mailWith(file), "")
	if got.Number != 2 || got.Reference != "2026-014" || !got.Sent.Equal(time.Date(2026, 11, 22, 1, 12, 0, 0, time.UTC)) || got.Address != "turva@ali.example" || len(got.Files) != 1 {
		t.Errorf("got %+v", got)
	}
}

func TestReadNoticeRefuses(t *testing.T) {
	file := signedNotice(t)
	changed := bytes.Replace(file, []byte("avoinna"), []byte("kiinni!"), 1)
	for name, x := range map[string]struct {
		file   []byte
		public string
		key    string
	}{
		"one changed word":       {changed, "", "received.forged"},
		"changed, in a mail":     {mailWith(changed), "", "received.forged"},
		"another key":            {file, publicOf(2), "received.other_key"},
		"a key that is none":     {file, "avain", "received.key"},
		"nothing":                {[]byte(" \n"), "", "received.empty"},
		"a picture":              {[]byte("\x89PNG\x00\x01"), "", "received.unreadable"},
		"too much":               {bytes.Repeat([]byte("a"), ReceivedMax+1), "", "received.large"},
		"a mail without content": {[]byte("From: a@b.example\nContent-Type: image/png\n\nx"), "", "received.unreadable"},
	} {
		if _, err := ReadNotice(x.file, x.public); err == nil || !strings.Contains(err.Error(), x.key) {
			t.Errorf("%s: %v, want %s", name, err, x.key)
		}
	}
}

// Whatever bytes come: no panic, bounded words without control characters, and
// proof only with a signature.
func FuzzReadNotice(f *testing.F) {
	file := signedNotice(f)
	for _, seed := range [][]byte{file, mailWith(file), []byte("From: a@b\n\nx"), []byte("{\"notice\":"), []byte("x"),
		[]byte("From: a@b\nContent-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/mixed; boundary=a\n\n--a\n\nx")} {
		f.Add(seed, "")
	}
	f.Fuzz(func(t *testing.T, file []byte, public string) {
		r, err := ReadNotice(file, public)
		if err != nil {
			return
		}
		if len(r.Text) > readingText || utf8.RuneCountInString(r.Subject) > readingLine || !utf8.ValidString(r.Text+r.Subject+r.Sender) {
			t.Errorf("unbounded or broken: %d bytes, %q", len(r.Text), r.Subject)
		}
		if strings.ContainsAny(r.Subject+r.Sender+r.Address+r.Reference, "\r\n\x00") {
			t.Errorf("a line holds a break: %+v", r)
		}
		if (r.Proof != "") != (r.Kind == "signed") {
			t.Errorf("proof %q of %q", r.Proof, r.Kind)
		}
	})
}
