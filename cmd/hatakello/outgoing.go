package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"hatakello/incident"
	"hatakello/notify"
)

// outgoing is how mail leaves: how fast, and signed by whom.
type outgoing struct {
	Pace           int    `help:"${pace}" default:"0" env:"HATAKELLO_PACE"`
	SMTPSessions   int    `name:"smtp-sessions" help:"${smtp_sessions}" default:"10" env:"HATAKELLO_SMTP_SESSIONS"`
	DomainSessions int    `name:"domain-sessions" help:"${domain_sessions}" default:"5" env:"HATAKELLO_DOMAIN_SESSIONS"`
	DomainPace     int    `name:"domain-pace" help:"${domain_pace}" default:"0" env:"HATAKELLO_DOMAIN_PACE"`
	SMIMECert      string `name:"smime-cert" help:"${smime_cert}" env:"HATAKELLO_SMIME_CERT" placeholder:"FILE"`
	SMIMEKey       string `name:"smime-key" help:"${smime_key}" env:"HATAKELLO_SMIME_KEY" placeholder:"FILE"`
}

// checkNumbers returns what is wrong with the limits: none may be negative.
func (o outgoing) checkNumbers() incident.Errors {
	var wrong incident.Errors
	for _, n := range []struct {
		flag  string
		value int
	}{{"pace", o.Pace}, {"smtp-sessions", o.SMTPSessions}, {"domain-sessions", o.DomainSessions}, {"domain-pace", o.DomainPace}} {
		if n.value < 0 {
			wrong = append(wrong, wrongSetting(n.flag, "cli.setting.number", fmt.Sprint(n.value)))
		}
	}
	return wrong
}

// seal reads the certificate that signs mail; nil where none is set.
func (o outgoing) seal(from string) (*notify.Seal, error) {
	if o.SMIMECert == "" && o.SMIMEKey == "" {
		return nil, nil
	}
	certs, err := os.ReadFile(o.SMIMECert)
	if err != nil {
		return nil, wrongSetting("smime-cert", "cli.setting.smime", err.Error())
	}
	key, err := os.ReadFile(o.SMIMEKey)
	if err != nil {
		return nil, wrongSetting("smime-key", "cli.setting.smime", err.Error())
	}
	s, err := notify.ParseSeal(certs, key, mailbox(from).Address, time.Now())
	if err != nil {
		return nil, wrongSetting("smime-cert", "cli.setting.smime", err.Error())
	}
	return s, nil
}

// relays are the mail servers, in the order of preference.
func (s settings) relays() ([]notify.Relay, error) {
	all, err := notify.ParseRelays(s.SMTP)
	if err != nil {
		return nil, err
	}
	for i := range all {
		r := &all[i]
		r.Sender, r.VERP = s.sender()
		_, r.Hello, _ = strings.Cut(r.Sender, "@")
		r.Sessions = s.SMTPSessions
	}
	return all, nil
}

// mail is the way out by SMTP, or nil where no server is set.
func (s settings) mail() (*notify.Mail, error) {
	if s.SMTP == "" {
		return nil, nil
	}
	relays, err := s.relays()
	if err != nil {
		return nil, err
	}
	m := notify.NewMail(time.Now, relays...)
	m.Tell = logTrouble
	return m, nil
}

// lanes are the ways out that the settings open. Off reports whether the chat
// has been left.
func (s settings) lanes(mail *notify.Mail, off func(context.Context) (bool, error)) []notify.Lane {
	var all []notify.Lane
	if mail != nil {
		l := mail.Lane()
		l.Pace, l.Polite = s.Pace, notify.Polite{Sessions: s.DomainSessions, Pace: s.DomainPace}
		all = append(all, l)
	}
	if s.SlackToken != "" {
		all = append(all, notify.NewSlack(notify.SlackAccess{Token: s.SlackToken, Channel: s.SlackChannel, API: s.SlackAPI, Off: off}).Lane())
	}
	return all
}

// wayLines tells of each mail server whether it is open, without its name:
// anybody may read it.
func wayLines(states []notify.RelayState) []string {
	lines := make([]string, len(states))
	for i, st := range states {
		lines[i] = fmt.Sprintf("mail %d: open", i+1)
		if st.Why != "" {
			lines[i] = fmt.Sprintf("mail %d: closed (%s)", i+1, st.Why)
		}
	}
	return lines
}
