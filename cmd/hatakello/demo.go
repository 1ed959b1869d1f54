package main

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"hatakello/incident"
	"hatakello/web"
)

// demoCustomers are invented: no such company, person or number exists.
//
//go:embed demo/customers.csv
var demoCustomers []byte

// DemoCmd starts the same program as serve with two more parts, a mail server
// and a chat that keep what they are given, and with invented customers.
type DemoCmd struct {
	DB     string `name:"db" help:"${demo_db}" env:"HATAKELLO_DEMO_DB"`
	Listen string `help:"${listen}" default:"127.0.0.1:8080" env:"HATAKELLO_DEMO_LISTEN"`
}

// The people of the demonstration, and what they may do.
var demoStaff = []struct {
	login, name, lang string
	roles             []incident.Role
}{
	{"aino.koe@demo.example", "Aino Koe", "fi", []incident.Role{incident.Privacy, incident.Admin}},
	{"matti.malli@demo.example", "Matti Malli", "fi", []incident.Role{incident.Handler}},
	{"siv.exempel@demo.example", "Siv Exempel", "sv", []incident.Role{incident.Privacy}},
	{"sam.sample@demo.example", "Sam Sample", "en", []incident.Role{incident.Privacy}},
	{"tarkka.naytteinen@demo.example", "Tarkka Näytteinen", "fi", []incident.Role{incident.Auditor}},
}

// demoCompany is who runs the program in the demonstration.
var demoCompany = incident.Organisation{
	Name: "Esimerkkipalvelut Oy", Email: "tietosuoja@demo.example", Phone: "+358 00 000 9999",
	DPO: "Aino Koe", Zone: "Europe/Helsinki", Alarm: []string{"halytys@demo.example"},
}

// demoRegister is a register of the company's own, so that it is also a
// controller.
const demoRegister = "Markkinointirekisteri"

// Run starts the demonstration and prints how to get in.
func (cmd DemoCmd) Run(ctx context.Context, t *terminal) error {
	file, clean, err := cmd.file()
	if err != nil {
		return err
	}
	defer clean()
	ln, err := listen(cmd.Listen)
	if err != nil {
		return err
	}
	defer ln.Close()
	mail, err := newDemoSMTP()
	if err != nil {
		return err
	}
	defer mail.close()
	chat, err := newDemoSlack()
	if err != nil {
		return err
	}
	defer chat.close()
	s := settings{
		database: database{DB: file}, URL: "http://" + ln.Addr().String(),
		SMTP: "smtp://" + mail.Addr, From: "Esimerkkipalvelut Oy <tietosuoja@demo.example>",
		SlackToken: demoToken, SlackChannel: "#hatakello", SlackAPI: chat.URL,
	}
	h, err := t.openServer(ctx, s)
	if err != nil {
		return err
	}
	defer h.close()
	logins, err := h.seed(ctx)
	if err != nil {
		return fmt.Errorf("fill in the demonstration: %w", err)
	}
	out := &outbox{pages: h.pages, words: t.words, lang: t.lang, mail: mail, chat: chat}
	h.front = out.mount
	return h.serve(ctx, t, ln, h.site(t, s), func() { t.welcome(s, logins) })
}

// file names the database: the one that was asked for, or a temporary one
// that is removed at the end.
func (cmd DemoCmd) file() (string, func(), error) {
	if cmd.DB != "" {
		return cmd.DB, func() {}, nil
	}
	dir, err := os.MkdirTemp("", "hatakello-demo-")
	if err != nil {
		return "", nil, err
	}
	return filepath.Join(dir, "demo.db"), func() { os.RemoveAll(dir) }, nil
}

// login is how a visitor of the demonstration gets in.
type login struct{ name, password, roles string }

// seed fills an empty database with the company, its customers and its people.
// Passwords are made anew at every start, so that none is known beforehand.
func (h *house) seed(ctx context.Context) ([]login, error) {
	by := operator()
	by.Roles = []incident.Role{incident.Admin, incident.Privacy}
	services, err := h.db.Services(ctx)
	if err != nil {
		return nil, err
	}
	if len(services) == 0 {
		if err := h.seedRegister(ctx, by); err != nil {
			return nil, err
		}
	}
	known := map[string]*incident.User{}
	users, err := h.db.Users(ctx)
	if err != nil {
		return nil, err
	}
	for _, u := range users {
		known[u.Login] = u
	}
	var all []login
	for _, p := range demoStaff {
		password := demoPassword()
		hash, err := web.HashPassword(password)
		if err != nil {
			return nil, err
		}
		u := known[p.login]
		if u == nil {
			u = &incident.User{Login: p.login, Name: p.name, Roles: p.roles, Lang: p.lang}
		}
		u.Password = hash
		if err := h.desk.SaveUser(ctx, by, u); err != nil {
			return nil, err
		}
		all = append(all, login{p.login, password, roleList(u.Roles)})
	}
	return all, nil
}

func (h *house) seedRegister(ctx context.Context, by incident.Actor) error {
	if err := h.desk.SaveOrganisation(ctx, by, demoCompany); err != nil {
		return err
	}
	done, err := h.desk.ImportCustomers(ctx, by, incident.Import{Data: bytes.NewReader(demoCustomers)})
	if err != nil {
		return err
	}
	if len(done.Bad) > 0 {
		b := done.Bad[0]
		return fmt.Errorf("line %d, %s: %w", b.Line, b.Field, b.Err)
	}
	return h.desk.SaveService(ctx, by, &incident.Service{Name: demoRegister, Own: true})
}

// demoPassword makes a password that is easily typed on a telephone.
func demoPassword() string {
	var words []string
	for range 4 {
		words = append(words, strings.ToLower(codeWords[pick(len(codeWords))]))
	}
	return strings.Join(words, "-") + fmt.Sprintf("-%02d", pick(100))
}

// welcome prints the address and the log-ins.
func (t *terminal) welcome(s settings, logins []login) {
	t.print("cli.demo.intro")
	t.print("cli.serve.ready", "URL", s.URL)
	t.print("cli.demo.outbox", "URL", s.URL+"/demo/outbox")
	t.print("cli.demo.logins")
	for _, l := range logins {
		t.print("cli.demo.login", "Login", l.name, "Password", l.password, "Roles", l.roles)
	}
	t.print("cli.demo.file", "File", s.DB)
	t.print("cli.demo.stop")
}
