package notify

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"
	"unicode"
)

// Encryption says how a connection to a mail server is protected.
type Encryption string

// The ways. Only Opportunistic goes on in clear text, and only where the
// server offers no encryption; it never sends a password that way.
const (
	NoTLS         Encryption = "none"
	Opportunistic Encryption = "opportunistic"
	StartTLS      Encryption = "starttls"
	TLS           Encryption = "tls" // from the first byte
)

// Relay is a mail server that takes our mail. Zero durations mean what RFC
// 5321 and common sense say; see withDefaults.
type Relay struct {
	Host, Port string
	TLS        Encryption
	User       string
	Password   string
	Hello      string         // our own name; "" is "localhost"
	Sender     string         // envelope sender: bounces go there
	VERP       bool           // with the mail's id behind a plus, so that any bounce names its mail
	Roots      *x509.CertPool // nil: the system's
	Sessions   int            // connections at the same time; 0 is 10
	Connect    time.Duration  // to be ready for mail; 0 is 30 s
	Command    time.Duration  // for one answer; 0 is 30 s
	Reply      time.Duration  // after the final dot; 0 is 5 min, RFC 5321 wants 10

	unverified bool // encrypted, but to whom is not known
}

func (r Relay) withDefaults() Relay {
	for _, d := range []struct {
		field *time.Duration
		is    time.Duration
	}{{&r.Connect, 30 * time.Second}, {&r.Command, 30 * time.Second}, {&r.Reply, 5 * time.Minute}} {
		if *d.field == 0 {
			*d.field = d.is
		}
	}
	if r.Sessions == 0 {
		r.Sessions = 10
	}
	if r.Hello == "" {
		r.Hello = "localhost"
	}
	return r
}

// limit is the longest that an attempt may take.
func (r Relay) limit() time.Duration { return r.Connect + 4*r.Command + r.Reply }

// from is the envelope sender of one mail.
func (r Relay) from(id string) string {
	local, domain, ok := strings.Cut(r.Sender, "@")
	if !r.VERP || !ok || !token(id) || len(local)+1+len(id) > 64 {
		return r.Sender
	}
	return local + "+" + id + "@" + domain
}

// ParseRelays reads the addresses of one or more relays, in the order of
// preference, with commas or white space between them.
func ParseRelays(s string) ([]Relay, error) {
	var all []Relay
	for _, one := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || unicode.IsSpace(r) }) {
		r, err := ParseRelay(one)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	if len(all) == 0 {
		return nil, errRelay
	}
	return all, nil
}

// errRelay tells what the setting may be.
var errRelay = errors.New("want smtp://[USER:PASSWORD@]HOST[:PORT][?tls=none|opportunistic|starttls] or smtps://HOST[:PORT]")

// ParseRelay reads a relay's address: smtp://user:password@host:587,
// smtps://host, or host:25. Without ?tls=, smtp:// demands STARTTLS, except
// from a server on this machine, where it is used if offered.
func ParseRelay(s string) (Relay, error) {
	if !strings.Contains(s, "://") {
		s = "smtp://" + s
	}
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" {
		return Relay{}, errRelay // err would repeat the password
	}
	r := Relay{Host: u.Hostname(), Port: u.Port(), TLS: Encryption(u.Query().Get("tls")), User: u.User.Username()}
	r.Password, _ = u.User.Password()
	switch u.Scheme {
	case "smtps":
		r.Port = defaultTo(r.Port, "465")
		if r.TLS != "" && r.TLS != TLS {
			return Relay{}, errRelay
		}
		r.TLS = TLS
	case "smtp":
		r.Port = defaultTo(r.Port, map[bool]string{true: "587", false: "25"}[r.User != ""])
		r.TLS = Encryption(defaultTo(string(r.TLS), string(map[bool]Encryption{true: Opportunistic, false: StartTLS}[local(r.Host)])))
	default:
		return Relay{}, errRelay
	}
	switch r.TLS {
	case NoTLS, Opportunistic, StartTLS, TLS:
		return r, nil
	}
	return Relay{}, fmt.Errorf("tls=%s is unknown; %w", r.TLS, errRelay)
}

func defaultTo(s, or string) string {
	if s == "" {
		return or
	}
	return s
}

// local reports whether host is this machine.
func local(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
