package notify

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode"

	"hatakello/incident"
)

const ourID = "06f2k3m4n5p6q7r8s9t0v1w2x3"

// dsn is a report with a status part, as Postfix writes it.
func dsn(top, envelope, fields string) string {
	return crlf(`Return-Path: <>
From: MAILER-DAEMON@mx.kunta.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: bounce@hoivapilvi.example
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: ` + top + `; boundary="b1"

This is a MIME-encapsulated message.
--b1
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--b1
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.kunta.example
` + envelope + `Arrival-Date: Sun, 22 Nov 2026 03:12:00 +0200

` + fields + `
--b1
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

From: Hoivapilvi <tietosuoja@hoivapilvi.example>
Subject: Ilmoitus
Message-ID: <` + ourID + `@hoivapilvi.example>

--b1--
`)
}

func crlf(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }

const failedFields = `Final-Recipient: rfc822; rehtori@kunta.example
Original-Recipient: rfc822;rehtori@kunta.example
Action: failed
Status: 5.1.1
Remote-MTA: dns; mail.kunta.example
Diagnostic-Code: smtp; 550 5.1.1 <rehtori@kunta.example>: Recipient address
    rejected: User unknown
`

func action(word, status string) string {
	return "Final-Recipient: rfc822; rehtori@kunta.example\nAction: " + word + "\nStatus: " + status + "\n"
}

func words(from, subject, extra, body string) string {
	return crlf("From: " + from + "\nSubject: " + subject + "\n" + extra + "\n" + body)
}

const envid = "Original-Envelope-Id: " + ourID + "\n"

func TestReadBounce(t *testing.T) {
	failed, later := incident.Undelivered, incident.Delayed
	tests := []struct {
		name, raw, to string
		want          incident.Verdict // "" is no report
		status        string
		doubtful      bool
	}{
		{"report", dsn("multipart/report; report-type=delivery-status", envid, failedFields), "", failed, "5.1.1", false},
		{"mixed, as OpenSMTPD sends it", dsn("multipart/mixed", "", failedFields), "", failed, "5.1.1", false},
		{"by the return path", strings.ReplaceAll(dsn("multipart/report", "", failedFields), "Message-ID: <"+ourID, "Message-ID: <öö"), "bounce+" + ourID + "@hoivapilvi.example", failed, "5.1.1", false},
		{"from a mailbox file", "From MAILER-DAEMON Sun Nov 22\r\n" + dsn("multipart/report", envid, failedFields), "", failed, "5.1.1", false},
		{"delayed", dsn("multipart/report", envid, action("delayed (still trying)", "4.4.1")), "", later, "4.4.1", false},
		{"delivered", dsn("multipart/report", envid, action("Delivered", "2.1.5")), "", incident.Arrived, "2.1.5", false},
		{"relayed", dsn("multipart/report", envid, action("relayed", "2.0.0")), "", incident.Relayed, "2.0.0", false},
		{"expanded", dsn("multipart/report", envid, action("expanded", "2.0.0")), "", incident.Expanded, "2.0.0", false},
		{"expired: the action counts, not the class", dsn("multipart/report", envid, action("failed", "4.4.7")), "", failed, "4.4.7", false},
		{"no action", dsn("multipart/report", envid, "Final-Recipient: rfc822; a@b.example\nStatus: 5.2.2\n"), "", failed, "5.2.2", false},
		{"unknown action", dsn("multipart/report", envid, action("eaten", "")), "", failed, "", true},
		{"cut off after the status", dsn("multipart/report", envid, failedFields)[:900], "", failed, "5.1.1", false},
		{"deep", nested(5), "", failed, "5.1.1", false},
		{"too deep", nested(40), "", "", "", false},
		{"words", words("MAILER-DAEMON@mx.kunta.example", "failure notice", "", "Hi. This is the qmail-send program.\n<rehtori@kunta.example>:\n550 5.1.1 no such user\n\n--- Below this line is a copy of the message.\n\nMessage-ID: <"+ourID+"@hoivapilvi.example>\nSubject: x\n"), "", failed, "", true},
		{"words, Exim", words("Mail Delivery System <Mailer-Daemon@mx.example>", "Mail delivery failed", "Auto-Submitted: auto-replied\nX-Failed-Recipients: rehtori@kunta.example\n", "------ This is a copy of your message.\n> Message-Id: <"+ourID+"@hoivapilvi.example>\n"), "", failed, "", true},
		{"words, delay", words("mailer-daemon@mx.example", "Warning: could not send message for past 4 hours", "", "Message-ID: <"+ourID+"@hoivapilvi.example>\n"), "", later, "", true},
		{"words that name nothing", words("mailer-daemon@mx.example", "failure", "", "It did not work.\n"), "", "", "", false},
		{"out of office", words("Rehtori <rehtori@kunta.example>", "Poissa: Ilmoitus", "Auto-Submitted: auto-replied\nIn-Reply-To: <"+ourID+"@hoivapilvi.example>\n", "Olen lomalla.\n"), "", incident.AutoReply, "", false},
		{"a machine that says so in another way", words("rehtori@kunta.example", "Frånvarande", "X-Autoreply: yes\nReferences: <a@b> <"+ourID+"@hoivapilvi.example>\n", "Hej.\n"), "", incident.AutoReply, "", false},
		{"a person's answer", words("rehtori@kunta.example", "Re: Ilmoitus", "In-Reply-To: <"+ourID+"@hoivapilvi.example>\n", "Kiitos.\n> Message-ID: <"+ourID+"@x>\n"), "", "", "", false},
		{"a status in what is returned", words("rehtori@kunta.example", "Fwd", "Content-Type: message/rfc822\n", dsn("multipart/report", envid, failedFields)), "", "", "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ReadBounce([]byte(tt.raw), tt.to, time.Unix(0, 0))
			if tt.want == "" {
				if !errors.Is(err, ErrNotReport) {
					t.Fatalf("got %+v, %v; want ErrNotReport", got, err)
				}
				return
			}
			if err != nil || len(got) != 1 {
				t.Fatalf("got %+v, %v; want one report", got, err)
			}
			r := got[0]
			if r.Verdict != tt.want || r.Status != tt.status || r.Doubtful != tt.doubtful || r.Delivery != ourID || r.Print == "" {
				t.Errorf("got %+v", r)
			}
		})
	}
}

// nested wraps a report into n layers of parts.
func nested(n int) string {
	inner := dsn("multipart/report", envid, failedFields)
	for i := range n {
		inner = fmt.Sprintf("From: a@b.example\r\nContent-Type: multipart/mixed; boundary=n%d\r\n\r\n--n%d\r\n%s\r\n--n%d--\r\n", i, i, inner, i)
	}
	return inner
}

func TestReportsFields(t *testing.T) {
	raw := dsn("multipart/report", envid, failedFields+"\n"+action("delayed", "4.2.2"))
	got, err := ReadBounce([]byte(raw), "", time.Unix(9, 0))
	if err != nil || len(got) != 2 {
		t.Fatalf("%+v, %v: want two receivers", got, err)
	}
	r := got[0]
	if r.Address != "rehtori@kunta.example" || r.Server != "mx.kunta.example" || !r.At.Equal(time.Unix(9, 0)) ||
		r.Reply != "550 5.1.1 <rehtori@kunta.example>: Recipient address rejected: User unknown" {
		t.Errorf("%+v", r)
	}
	again, err := ReadBounce([]byte("Received: by elsewhere\r\n"+raw), "", time.Unix(99, 0))
	if err != nil || again[0].Print != r.Print || again[0].SHA256 == r.SHA256 {
		t.Errorf("the same report by another way has print %s, want %s (%v)", again[0].Print, r.Print, err)
	}
	if got[1].Print == r.Print {
		t.Error("two receivers have one print")
	}
}

// Fault 41: what strangers write is bounded and clean.
func TestFault41HostileBounces(t *testing.T) {
	many := strings.Repeat(action("failed", "5.0.0")+"\n", 500)
	nasty := "Final-Recipient: rfc822; a\x00b\x1b[31m\u202e@c\nAction: failed\nStatus: 5.9999.1\nDiagnostic-Code: " + strings.Repeat("x\x07", 40000) + "\n"
	for name, raw := range map[string]string{
		"many receivers": dsn("multipart/report", envid, many),
		"control signs":  dsn("multipart/report", envid, nasty),
		"many parts":     strings.Replace(dsn("multipart/report", envid, failedFields), "--b1", strings.Repeat("--b1\r\n\r\nx\r\n", 5000)+"--b1", 1),
		"long":           dsn("multipart/report", envid, failedFields) + strings.Repeat("a", 4<<20),
	} {
		t.Run(name, func(t *testing.T) {
			got, _ := ReadBounce([]byte(raw), "", time.Unix(0, 0))
			checkReports(t, got)
		})
	}
	for _, raw := range []string{"", "\r\n", "no header at all", strings.Repeat("A: b\r\n", 100000)} {
		if _, err := ReadBounce([]byte(raw), "", time.Unix(0, 0)); !errors.Is(err, ErrMalformed) && !errors.Is(err, ErrNotReport) {
			t.Errorf("%.20q: %v, want an error", raw, err)
		}
	}
}

func checkReports(t *testing.T, all []incident.Report) {
	t.Helper()
	if len(all) > receiversMax {
		t.Errorf("%d reports", len(all))
	}
	for _, r := range all {
		if !token(r.Delivery) || r.Verdict == "" || len(r.Print) != 64 || len(r.SHA256) != 64 {
			t.Errorf("%+v", r)
		}
		for _, s := range []string{r.Address, r.Status, r.Reply, r.Server} {
			if strings.ContainsFunc(s, func(c rune) bool { return unicode.IsControl(c) || !unicode.IsPrint(c) }) || len([]rune(s)) > replyMax {
				t.Errorf("%.80q", s)
			}
		}
	}
}

func FuzzBounce(f *testing.F) {
	f.Add([]byte(dsn("multipart/report", envid, failedFields)), "")
	f.Add([]byte(dsn("multipart/mixed", "", action("delayed", "4.4.1"))), "bounce+x@y")
	f.Add([]byte(nested(3)), "")
	f.Add([]byte(words("mailer-daemon@x", "failure", "X-Failed-Recipients: a@b\n", "Message-ID: <"+ourID+"@x>\n")), "")
	f.Add([]byte(words("a@b", "poissa", "Auto-Submitted: auto-replied\nIn-Reply-To: <q@w>\nContent-Type: text/plain; charset=iso-8859-99\nContent-Transfer-Encoding: base65\n", "x")), "<>")
	f.Fuzz(func(t *testing.T, raw []byte, to string) {
		got, err := ReadBounce(raw, to, time.Unix(0, 0))
		if (err == nil) != (len(got) > 0) {
			t.Fatalf("%d reports and %v", len(got), err)
		}
		checkReports(t, got)
	})
}
