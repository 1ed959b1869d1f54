package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"golang.org/x/time/rate"

	"hatakello/incident"
)

// register stands for the Desk: it knows some deliveries.
type register struct {
	mu    sync.Mutex
	known map[string]error // what Bounce says
	got   []incident.Report
	came  chan struct{}
}

func newRegister(ids ...string) *register {
	r := &register{known: map[string]error{}, came: make(chan struct{}, 100000)}
	for _, id := range ids {
		r.known[id] = nil
	}
	return r
}

func (r *register) Bounce(_ context.Context, rep incident.Report) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	err, ok := r.known[rep.Delivery]
	if !ok {
		return &incident.Error{Kind: incident.NotFound, Key: "delivery.unknown"}
	}
	r.got = append(r.got, rep)
	r.came <- struct{}{}
	return err
}

func (r *register) reports() []incident.Report {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]incident.Report(nil), r.got...)
}

// wait waits until n reports have come.
func (r *register) wait(t *testing.T, n int) {
	t.Helper()
	late := time.After(30 * time.Second)
	for len(r.reports()) < n {
		select {
		case <-r.came:
		case <-late:
			t.Fatalf("%d reports came, want %d", len(r.reports()), n)
		}
	}
}

func newIntake(r *register) *Intake {
	in := NewIntake(r, time.Now, slog.New(slog.DiscardHandler))
	in.Pace = nil
	return in
}

func TestTake(t *testing.T) {
	r := newRegister(ourID)
	r.known["early"] = incident.ErrEarly
	in := newIntake(r)
	raw := dsn("multipart/report", envid, failedFields)
	tests := []struct {
		name, raw string
		useless   bool
		later     bool
	}{
		{"a report", raw, false, false},
		{"about a mail of somebody else", strings.ReplaceAll(raw, ourID, "xyz"), true, false},
		{"too early", strings.ReplaceAll(raw, ourID, "early"), false, true},
		{"no mail", "???", true, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := in.Take(t.Context(), []byte(tt.raw), "")
			if useless(err) != tt.useless || (err != nil && !useless(err)) != tt.later {
				t.Errorf("%v", err)
			}
		})
	}
}

// serveIntake listens and returns the address.
func serveIntake(t *testing.T, in *Intake, listen, address string) net.Addr {
	t.Helper()
	l, err := ParseListen(listen)
	if err != nil {
		t.Fatal(err)
	}
	ln, err := l.Open()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- in.ServeMail(ctx, ln, l.Protocol, address) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("serve: %v", err)
		}
	})
	return ln.Addr()
}

func TestIntakeBySMTP(t *testing.T) {
	for _, listen := range []string{"smtp://127.0.0.1:0", "lmtp://127.0.0.1:0", "lmtp://" + filepath.Join(t.TempDir(), "lmtp.sock")} {
		t.Run(listen[:4], func(t *testing.T) {
			r := newRegister(ourID)
			r.known["early"] = incident.ErrEarly
			addr := serveIntake(t, newIntake(r), listen, "bounce@hoivapilvi.example")
			raw := dsn("multipart/report", "", failedFields)
			for _, tt := range []struct {
				to, raw string
				code    int // 0: taken
			}{
				{"bounce@hoivapilvi.example", raw, 0},
				{"Bounce+" + ourID + "@Hoivapilvi.example", strings.ReplaceAll(raw, "Message-ID", "X-Id"), 0},
				{"tietosuoja@hoivapilvi.example", raw, 550},
				{"bounce@elsewhere.example", raw, 550},
				{"bounce@hoivapilvi.example", "Subject: hello\r\n\r\nhello\r\n", 0}, // dropped, and not answered
				{"bounce@hoivapilvi.example", strings.ReplaceAll(raw, ourID, "early"), 451},
				{"bounce@hoivapilvi.example", raw + strings.Repeat("x\r\n", intakeBytes/3+1), 552},
			} {
				if err := handOver(addr, listen[:4] == "lmtp", tt.to, tt.raw); codeOf(err) != tt.code {
					t.Errorf("to %s: %v, want %d", tt.to, err, tt.code)
				}
			}
			got := r.reports()
			if len(got) != 3 || got[0].Delivery != ourID || got[1].Delivery != ourID {
				t.Errorf("reports %+v", got)
			}
		})
	}
}

// handOver gives a mail to an intake as a mail server does.
func handOver(addr net.Addr, lmtp bool, to, raw string) error {
	conn, err := net.Dial(addr.Network(), addr.String())
	if err != nil {
		return err
	}
	c := smtp.NewClient(conn)
	if lmtp {
		c = smtp.NewClientLMTP(conn)
	}
	defer c.Close()
	if err := c.Mail("", nil); err != nil {
		return err
	}
	if err := c.Rcpt(to, nil); err != nil {
		return err
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := strings.NewReader(raw).WriteTo(w); err != nil {
		return err
	}
	return w.Close()
}

func codeOf(err error) int {
	var e *smtp.SMTPError
	if errors.As(err, &e) {
		return e.Code
	}
	if err != nil {
		return -1
	}
	return 0
}

// Fault 39: a flood is slowed down by asking the other side for patience, and
// nothing is ever sent back.
func TestFault39BounceFlood(t *testing.T) {
	r := newRegister(ourID)
	in := newIntake(r)
	in.Pace = rate.NewLimiter(0, 10)
	addr := serveIntake(t, in, "lmtp://127.0.0.1:0", "bounce@hoivapilvi.example")
	codes := map[int]int{}
	for range 30 {
		codes[codeOf(handOver(addr, true, "bounce@hoivapilvi.example", dsn("multipart/report", envid, failedFields)))]++
	}
	if codes[0] != 10 || codes[451] != 20 {
		t.Errorf("answers %v, want ten taken and twenty put off", codes)
	}
}

// Fault 39: ten thousand reports are read in seconds.
func TestFault39TenThousandReports(t *testing.T) {
	r := newRegister()
	for i := range 10000 {
		r.known[fmt.Sprint("d", i)] = nil
	}
	in := newIntake(r)
	raw := dsn("multipart/report", envid, failedFields)
	began := time.Now()
	for i := range 10000 {
		if err := in.Take(t.Context(), []byte(strings.ReplaceAll(raw, ourID, fmt.Sprint("d", i))), ""); err != nil {
			t.Fatal(err)
		}
	}
	took := time.Since(began)
	t.Logf("%v, %.0f a second", took, 10000/took.Seconds())
	if len(r.reports()) != 10000 || took > 20*time.Second {
		t.Errorf("%d reports in %v", len(r.reports()), took)
	}
}

func TestParseListen(t *testing.T) {
	for s, want := range map[string]string{
		"lmtp://127.0.0.1:2424": "{lmtp tcp 127.0.0.1:2424}", "smtp://[::1]:25": "{smtp tcp [::1]:25}",
		"lmtp:///run/h/lmtp.sock": "{lmtp unix /run/h/lmtp.sock}", "lmtp://127.0.0.1": "", "http://127.0.0.1:1": "", "lmtp://a:b@c:1": "", "": "",
	} {
		got, err := ParseListen(s)
		if (err == nil) != (want != "") || err == nil && fmt.Sprint(got) != want {
			t.Errorf("%q: %v, %v; want %s", s, got, err, want)
		}
	}
}
