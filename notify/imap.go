package notify

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// IMAPBox is a mailbox on an IMAP server.
type IMAPBox struct {
	Host, Port string
	TLS        Encryption
	User       string
	Password   string
	Folder     string         // INBOX
	Done       string         // where what was of use is moved; "" leaves it
	Roots      *x509.CertPool // nil: the system's
}

// imapKeyword marks mails that have been looked at, beside what people see.
const imapKeyword imap.Flag = "$HatakelloLooked"

// imapBack is how far back mails are looked at.
const imapBack = 30 * 24 * time.Hour

// imapPatience limits one command, connecting included.
const imapPatience = time.Minute

// ParseIMAP reads imaps://user@host[:port]/FOLDER[?done=FOLDER], or imap://
// with STARTTLS; ?tls=none is for a server on this machine only.
func ParseIMAP(s string) (IMAPBox, error) {
	bad := errors.New("want imaps://USER@HOST[:PORT]/INBOX[?done=FOLDER] or imap://…; the password stands in a file")
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" || u.User.Username() == "" || (u.Scheme != "imap" && u.Scheme != "imaps") {
		return IMAPBox{}, bad
	}
	if _, given := u.User.Password(); given {
		return IMAPBox{}, bad
	}
	b := IMAPBox{Host: u.Hostname(), Port: u.Port(), User: u.User.Username(), Done: u.Query().Get("done"),
		Folder: defaultTo(strings.Trim(u.Path, "/"), "INBOX"), TLS: StartTLS}
	if u.Scheme == "imaps" {
		b.TLS = TLS
	}
	b.Port = defaultTo(b.Port, map[Encryption]string{TLS: "993", StartTLS: "143"}[b.TLS])
	switch way := u.Query().Get("tls"); {
	case way == "":
	case way == "none" && u.Scheme == "imap" && local(b.Host):
		b.TLS = NoTLS
	default:
		return IMAPBox{}, bad
	}
	return b, nil
}

// openBox is an open mailbox.
type openBox struct {
	b       IMAPBox
	c       *imapclient.Client
	conn    net.Conn
	now     func() time.Time
	news    chan struct{}
	keyword bool            // the server keeps our mark
	looked  map[uint32]bool // if it does not
}

// open connects, logs in and selects the folder.
func (b IMAPBox) open(ctx context.Context, now func() time.Time) (*openBox, error) {
	conn, err := (&net.Dialer{Timeout: imapPatience}).DialContext(ctx, "tcp", net.JoinHostPort(b.Host, b.Port))
	if err != nil {
		return nil, err
	}
	o := &openBox{b: b, conn: conn, now: now, news: make(chan struct{}, 1), looked: map[uint32]bool{}}
	err = o.limited(ctx, func() error { return o.start() })
	if err != nil {
		conn.Close()
		return nil, fmt.Errorf("open mailbox at %s: %w", b.Host, err)
	}
	return o, nil
}

func (o *openBox) start() error {
	secure := &tls.Config{ServerName: o.b.Host, RootCAs: o.b.Roots, MinVersion: tls.VersionTLS12}
	options := &imapclient.Options{TLSConfig: secure, UnilateralDataHandler: &imapclient.UnilateralDataHandler{
		Mailbox: func(m *imapclient.UnilateralDataMailbox) {
			if m.NumMessages != nil {
				poke(o.news)
			}
		}}}
	var err error
	switch o.b.TLS {
	case TLS:
		o.c = imapclient.New(tls.Client(o.conn, secure), options)
	case StartTLS:
		o.c, err = imapclient.NewStartTLS(o.conn, options)
	default:
		o.c = imapclient.New(o.conn, options)
	}
	if err != nil {
		return err
	}
	if err := o.c.WaitGreeting(); err != nil {
		return err
	}
	if err := o.c.Login(o.b.User, o.b.Password).Wait(); err != nil {
		return err
	}
	selected, err := o.c.Select(o.b.Folder, nil).Wait()
	if err != nil {
		return err
	}
	o.keyword = slices.Contains(selected.PermanentFlags, imap.FlagWildcard)
	return nil
}

// limited runs a command; when it takes too long, or ctx ends, the connection
// is cut.
func (o *openBox) limited(ctx context.Context, do func() error) error {
	ctx, cancel := context.WithTimeout(ctx, imapPatience)
	defer cancel()
	defer context.AfterFunc(ctx, func() { o.conn.Close() })()
	err := do()
	return errors.Join(err, ctx.Err())
}

// New lists what carries no mark of ours. On a server that keeps none it lists
// unread mails, each once.
func (o *openBox) New(ctx context.Context) (ids []uint32, err error) {
	mark := imapKeyword
	if !o.keyword {
		mark = imap.FlagSeen
	}
	criteria := &imap.SearchCriteria{NotFlag: []imap.Flag{mark, imap.FlagDeleted}, Since: o.now().Add(-imapBack)}
	err = o.limited(ctx, func() error {
		found, err := o.c.UIDSearch(criteria, nil).Wait()
		if err != nil {
			return err
		}
		for _, uid := range found.AllUIDs() {
			if !o.looked[uint32(uid)] {
				ids = append(ids, uint32(uid))
			}
		}
		return nil
	})
	slices.Sort(ids)
	return ids, err
}

// Fetch reads a mail without marking it as read.
func (o *openBox) Fetch(ctx context.Context, id uint32) (raw []byte, err error) {
	section := &imap.FetchItemBodySection{Peek: true, Partial: &imap.SectionPartial{Size: BounceMax}}
	err = o.limited(ctx, func() error {
		found, err := o.c.Fetch(imap.UIDSetNum(imap.UID(id)), &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{section}}).Collect()
		if err != nil {
			return err
		}
		for _, m := range found {
			for _, part := range m.BodySection {
				raw = part.Bytes
			}
		}
		return nil
	})
	return raw, err
}

// Looked marks a mail. It is moved only by a server that can move: the other
// way would delete it here.
func (o *openBox) Looked(ctx context.Context, id uint32, use bool) error {
	var flags []imap.Flag
	if o.keyword {
		flags = append(flags, imapKeyword)
	}
	if use {
		flags = append(flags, imap.FlagSeen)
	}
	o.looked[id] = true
	set := imap.UIDSetNum(imap.UID(id))
	return o.limited(ctx, func() error {
		if len(flags) > 0 {
			if err := o.c.Store(set, &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: flags}, nil).Close(); err != nil {
				return err
			}
		}
		if !use || o.b.Done == "" || !o.c.Caps().Has(imap.CapMove) {
			return nil
		}
		_, err := o.c.Move(set, o.b.Done).Wait()
		return err
	})
}

// Wait lets the server tell of new mail, or waits for d if it cannot.
func (o *openBox) Wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	if !o.c.Caps().Has(imap.CapIdle) {
		select {
		case <-timer.C:
		case <-ctx.Done():
		}
		return o.limited(ctx, func() error { return o.c.Noop().Wait() })
	}
	var idle *imapclient.IdleCommand
	err := o.limited(ctx, func() (err error) { idle, err = o.c.Idle(); return err })
	if err != nil {
		return err
	}
	select {
	case <-o.news:
	case <-timer.C:
	case <-o.c.Closed():
	case <-ctx.Done():
	}
	return o.limited(ctx, func() error {
		if err := idle.Close(); err != nil {
			return err
		}
		return idle.Wait()
	})
}

// Close says goodbye and leaves.
func (o *openBox) Close() {
	_ = o.limited(context.Background(), func() error { return o.c.Logout().Wait() })
	o.c.Close()
}
