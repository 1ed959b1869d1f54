package notify

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"syscall"
	"time"

	"hatakello/incident"
)

// Endpoints finds a webhook by the id that stands in a delivery's Name.
type Endpoints func(ctx context.Context, id string) (*incident.Webhook, error)

// WebhookRules are the operator's.
type WebhookRules struct {
	Allow []netip.Prefix // networks that are reached although they are not public
	Roots *x509.CertPool // nil: the system's
	Wait  time.Duration  // for one answer; 0 is 15 s
}

// Webhooks is the way out to customers' and the staff's own systems.
type Webhooks struct {
	find   Endpoints
	now    func() time.Time
	client *http.Client
}

const (
	answerMax = 4 << 10   // bytes of an answer that are read
	afterMax  = time.Hour // longest Retry-After that is believed
)

// NewWebhooks makes the channel. It goes straight to an endpoint: through no
// proxy, to no redirect, and never to an address that is not public unless the
// rules allow it. The address is judged after the name was resolved, at the
// moment of dialling, so that a name cannot change in between.
func NewWebhooks(find Endpoints, now func() time.Time, rules WebhookRules) *Webhooks {
	if rules.Wait == 0 {
		rules.Wait = 15 * time.Second
	}
	dialer := &net.Dialer{Timeout: rules.Wait, Control: func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil || !reachable(at.Addr(), rules.Allow) {
			return fmt.Errorf("%s: %w", address, errInside)
		}
		return nil
	}}
	return &Webhooks{find: find, now: now, client: &http.Client{
		Timeout:       rules.Wait,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{DialContext: dialer.DialContext, DisableKeepAlives: true, TLSHandshakeTimeout: rules.Wait,
			MaxResponseHeaderBytes: 32 << 10, DisableCompression: true,
			TLSClientConfig: &tls.Config{RootCAs: rules.Roots, MinVersion: tls.VersionTLS12}},
	}}
}

// errInside says that an endpoint's name leads into a network that is not
// public.
var errInside = errors.New("the address is not public and not allowed")

// outside is where public IPv6 addresses are; inside are the parts of it, and
// of IPv4, that lead elsewhere.
var (
	outside = netip.MustParsePrefix("2000::/3")
	inside  = prefixes("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
		"192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
		"2001::/23", "2001:db8::/32", "2002::/16")
)

func prefixes(all ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(all))
	for i, s := range all {
		out[i] = netip.MustParsePrefix(s)
	}
	return out
}

// reachable reports whether a webhook may go to an address.
func reachable(a netip.Addr, allow []netip.Prefix) bool {
	a = a.Unmap().WithZone("")
	for _, p := range allow {
		if p.Contains(a) {
			return true
		}
	}
	for _, p := range inside {
		if p.Contains(a) {
			return false
		}
	}
	return a.Is4() || outside.Contains(a)
}

// Lane is the lane in which a courier should drive the channel.
func (w *Webhooks) Lane() Lane {
	return Lane{Route: incident.ByWebhook, Channel: w, Sessions: 4, Limit: w.client.Timeout + 5*time.Second}
}

// SignWebhook signs a body as the receiver checks it: HMAC-SHA256 over the
// time in Unix seconds, a dot, and the body.
func SignWebhook(secret string, at time.Time, body []byte) (stamp, signature string) {
	stamp = strconv.FormatInt(at.Unix(), 10)
	h := hmac.New(sha256.New, []byte(secret))
	h.Write([]byte(stamp + "."))
	h.Write(body)
	return stamp, "v1=" + hex.EncodeToString(h.Sum(nil))
}

// Send makes one attempt. The delivery's id is the Idempotency-Key: a receiver
// that has seen it answers 2xx and does nothing.
func (w *Webhooks) Send(ctx context.Context, d *incident.Delivery) (incident.Receipt, error) {
	sum := sha256.Sum256(d.Body)
	rc := incident.Receipt{SHA256: hex.EncodeToString(sum[:])}
	k, err := w.find(ctx, d.Name)
	switch {
	case incident.KindOf(err) == incident.NotFound:
		rc.Reply = "no such endpoint"
		return rc, fmt.Errorf("%w: %w", ErrRefused, err)
	case err != nil:
		return rc, err
	case !k.Ended.IsZero():
		rc.Reply = "the endpoint has been removed"
		return rc, fmt.Errorf("%w: %s", ErrRefused, rc.Reply)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.Address, bytes.NewReader(d.Body))
	if err != nil {
		rc.Reply = clean(err.Error())
		return rc, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	stamp, signature := SignWebhook(k.Secret, w.now(), d.Body)
	for name, value := range map[string]string{"Content-Type": "application/json", "User-Agent": "hatakello", "Idempotency-Key": d.ID,
		"Hatakello-Timestamp": stamp, "Hatakello-Signature": signature} {
		req.Header.Set(name, value)
	}
	rc.Server = req.URL.Host
	res, err := w.client.Do(req)
	if err != nil {
		rc.Reply = clean(err.Error())
		return rc, err
	}
	defer res.Body.Close()
	answer, _ := io.ReadAll(io.LimitReader(res.Body, answerMax)) // what it says is for people only
	rc.Code, rc.Reply = res.StatusCode, clean(string(answer))
	if res.TLS != nil {
		rc.TLS = tls.VersionName(res.TLS.Version)
	}
	return rc, w.judge(res)
}

// judge turns an answer into what Channel.Send promises. One endpoint's wish
// for patience holds for that message, not for the others.
func (w *Webhooks) judge(res *http.Response) error {
	err := fmt.Errorf("webhook: %s", clean(res.Status))
	switch {
	case res.StatusCode/100 == 2:
		return nil
	case res.StatusCode == http.StatusGone:
		return fmt.Errorf("%w: %w", ErrRefused, err)
	}
	return &Later{After: w.after(res.Header.Get("Retry-After")), Err: err}
}

// after reads Retry-After: seconds, or a date. 0 leaves it to the sender.
func (w *Webhooks) after(s string) time.Duration {
	var d time.Duration
	if n, err := strconv.Atoi(strings.TrimSpace(s)); err == nil {
		d = time.Duration(min(n, 1<<20)) * time.Second
	} else if at, err := http.ParseTime(s); err == nil {
		d = at.Sub(w.now())
	}
	return min(max(d, 0), afterMax)
}

// Later says that this message should be tried again, not before After.
type Later struct {
	After time.Duration
	Err   error
}

// Error gives what was answered.
func (l *Later) Error() string { return l.Err.Error() }

// Unwrap gives what was answered.
func (l *Later) Unwrap() error { return l.Err }
