package notify

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/emersion/go-smtp"
	"golang.org/x/time/rate"

	"hatakello/incident"
)

// Reports takes in what was reported of a mail; see incident.Desk.Bounce.
type Reports interface {
	Bounce(ctx context.Context, rep incident.Report) error
}

// Intake reads returned mails, whichever way they come. It never answers one,
// and takes no more than a few dozen each second: a flood waits outside.
type Intake struct {
	Reports Reports
	Now     func() time.Time
	Log     *slog.Logger
	// Pace limits how many mails are read; nil is no limit.
	Pace *rate.Limiter
}

// NewIntake makes an intake that reads fifty mails a second.
func NewIntake(r Reports, now func() time.Time, log *slog.Logger) *Intake {
	return &Intake{Reports: r, Now: now, Log: log, Pace: rate.NewLimiter(50, 200)}
}

// Take reads one returned mail that came to the address to. The error wraps
// ErrNotReport or ErrMalformed when the mail will never be of use, and is
// another when it should be brought again later.
func (in *Intake) Take(ctx context.Context, raw []byte, to string) error {
	reports, err := ReadBounce(raw, to, in.Now().UTC().Truncate(time.Millisecond))
	if err != nil {
		return err
	}
	var later error
	known := false
	for _, rep := range reports {
		switch err := in.Reports.Bounce(ctx, rep); {
		case err == nil:
			known = true
			in.Log.Info("report on a mail", "delivery", rep.Delivery, "verdict", rep.Verdict, "status", rep.Status)
		case incident.KindOf(err) == incident.NotFound:
		default:
			later = errors.Join(later, err)
		}
	}
	if later != nil {
		return fmt.Errorf("take report: %w", later)
	}
	if !known {
		return fmt.Errorf("%w: no such mail was sent", ErrNotReport)
	}
	return nil
}

// useless reports whether err means that bringing the mail again is no use.
func useless(err error) bool { return errors.Is(err, ErrNotReport) || errors.Is(err, ErrMalformed) }

// Bounds of the listening side.
const (
	intakeBytes   = 8 << 20
	intakePatient = time.Minute
	intakeOpen    = 20 // connections at the same time
)

// Listen says where returned mails are taken in: "lmtp" or "smtp", and a TCP
// address or the path of a socket.
type Listen struct {
	Protocol, Network, Address string
}

// ParseListen reads lmtp://127.0.0.1:2424, smtp://[::1]:2525 or
// lmtp:///run/hatakello/lmtp.sock.
func ParseListen(s string) (Listen, error) {
	u, err := url.Parse(s)
	if err == nil && (u.Scheme == "lmtp" || u.Scheme == "smtp") && u.User == nil && u.RawQuery == "" {
		if u.Host == "" && strings.HasPrefix(u.Path, "/") && len(u.Path) > 1 {
			return Listen{u.Scheme, "unix", u.Path}, nil
		}
		if u.Hostname() != "" && u.Port() != "" && strings.Trim(u.Path, "/") == "" {
			return Listen{u.Scheme, "tcp", u.Host}, nil
		}
	}
	return Listen{}, errors.New("want lmtp://HOST:PORT, smtp://HOST:PORT or lmtp:///PATH/OF/SOCKET")
}

// Open starts to listen. A socket that nobody serves any more is replaced.
func (l Listen) Open() (net.Listener, error) {
	if l.Network == "unix" {
		if c, err := net.DialTimeout("unix", l.Address, time.Second); err == nil {
			c.Close()
			return nil, fmt.Errorf("listen at %s: another process serves it", l.Address)
		}
		if info, err := os.Lstat(l.Address); err == nil && info.Mode()&os.ModeSocket != 0 {
			os.Remove(l.Address)
		}
	}
	return net.Listen(l.Network, l.Address)
}

// ServeMail takes mails for one address at ln until ctx ends. The address is
// bounce@example.fi, which stands for bounce+ID@example.fi too, or a whole
// domain as @example.fi.
func (in *Intake) ServeMail(ctx context.Context, ln net.Listener, protocol, address string) error {
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		return &intakeSession{in: in, ctx: ctx, ours: strings.ToLower(address)}, nil
	}))
	s.LMTP, s.Domain = protocol == "lmtp", "hatakello"
	s.MaxRecipients, s.MaxMessageBytes, s.MaxLineLength = 5, intakeBytes, 4096
	s.ReadTimeout, s.WriteTimeout = intakePatient, intakePatient
	s.ErrorLog = intakeLog{in.Log}
	defer context.AfterFunc(ctx, func() {
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
		defer cancel()
		if s.Shutdown(last) != nil {
			s.Close()
		}
	})()
	err := s.Serve(&doorman{Listener: ln, places: make(chan struct{}, intakeOpen)})
	if ctx.Err() != nil || errors.Is(err, smtp.ErrServerClosed) {
		return nil
	}
	return err
}

// intakeSession is one conversation. All that it says is about the one mail.
type intakeSession struct {
	in   *Intake
	ctx  context.Context
	ours string
	to   string
}

var (
	errNotHere   = &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "only returned mail is taken here"}
	errTooMany   = &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 0}, Message: "too many at once, try again later"}
	errTryLater  = &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "try again later"}
	errNotToday  = &smtp.SMTPError{Code: 421, EnhancedCode: smtp.EnhancedCode{4, 3, 2}, Message: "shutting down"}
	errOversized = &smtp.SMTPError{Code: 552, EnhancedCode: smtp.EnhancedCode{5, 3, 4}, Message: "too large"}
)

func (s *intakeSession) Reset()                               { s.to = "" }
func (s *intakeSession) Logout() error                        { return nil }
func (s *intakeSession) Mail(string, *smtp.MailOptions) error { return nil }
func (s *intakeSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	if !addressed(s.ours, to) {
		return errNotHere
	}
	s.to = to
	return nil
}

// Data takes the mail in. What is of no use is taken all the same, and
// dropped: refusing it would have somebody write an answer.
func (s *intakeSession) Data(r io.Reader) error {
	if s.ctx.Err() != nil {
		return errNotToday
	}
	if s.in.Pace != nil && !s.in.Pace.Allow() {
		return errTooMany
	}
	raw, err := io.ReadAll(io.LimitReader(r, BounceMax))
	if err == nil {
		_, err = io.Copy(io.Discard, r)
	}
	if errors.Is(err, smtp.ErrDataTooLarge) {
		return errOversized
	}
	if err != nil {
		return err
	}
	err = s.in.Take(s.ctx, raw, s.to)
	switch {
	case err == nil:
		return nil
	case useless(err):
		s.in.Log.Info("a returned mail was of no use", "why", err)
		return nil
	}
	s.in.Log.Error("take a returned mail", "err", err)
	return errTryLater
}

// addressed reports whether a mail to to comes to ours.
func addressed(ours, to string) bool {
	local, domain, _ := strings.Cut(strings.ToLower(strings.TrimSpace(to)), "@")
	base, _, _ := strings.Cut(local, "+")
	return ours == "@"+domain && local != "" || ours == base+"@"+domain && base != ""
}

// intakeLog keeps the library from writing to standard error.
type intakeLog struct{ log *slog.Logger }

func (l intakeLog) Printf(format string, v ...any) { l.log.Warn(clean(fmt.Sprintf(format, v...))) }
func (l intakeLog) Println(v ...any)               { l.log.Warn(clean(fmt.Sprint(v...))) }
