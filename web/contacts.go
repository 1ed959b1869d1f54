package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// contactPath is that of the links by which customers' contacts are confirmed.
const contactPath = "/c/:secret"

// contactPage is what one contact of a customer sees behind her link: the
// contacts to confirm, that her own address is to be answered for, or a
// correction to object to. It shows one customer's contacts and no other's.
type contactPage struct {
	page
	Link    *incident.ContactLink
	Secret  string
	Name    string // of the customer
	Here    string // always ""
	Rows    []int  // numbers of the contacts' rows
	Orders  []int  // places in the order
	Leaving []incident.Contact
	Single  bool // only one address is left for notices
	Own     *incident.Contact
	Change  *incident.ContactChange
	k       *incident.Controller
}

// contactRows bounds the rows that are read from the form.
const contactRowsMost = 12

// contactPageOf finds who is behind a link, slowly for those who try many. A
// secret that is none and one that has run out are the same "not found".
func (s *Server) contactPageOf(c *gin.Context) (*contactPage, error) {
	ctx, now := c.Request.Context(), s.Desk.Now()
	if !s.public.allow(network(c.ClientIP()), now) {
		return nil, errSlow
	}
	secret := c.Param("secret")
	l, err := s.Read.ContactLink(ctx, incident.HashSecret(secret))
	if incident.KindOf(err) == incident.NotFound || err == nil && !l.Alive(now) {
		return nil, unknown(c)
	}
	if err != nil {
		return nil, err
	}
	ks, err := s.Read.Controllers(ctx, []string{l.Controller})
	if err != nil || len(ks) != 1 {
		return nil, errors.Join(err, unknown(c))
	}
	p := &contactPage{page: s.page(c, "contacts.title"), Link: l, Secret: secret, Name: ks[0].Name, k: ks[0]}
	p.Bare, p.Wide, p.Lang = true, "narrow", l.Lang
	if lang := c.Query("lang"); known(lang) {
		p.Lang = lang
	}
	p.Title = s.Words.Say(p.Lang, "contacts.title."+string(l.Kind))
	if i := slices.IndexFunc(p.k.Contacts, func(x incident.Contact) bool { return strings.EqualFold(x.Email, l.Address) }); i >= 0 {
		p.Own = &p.k.Contacts[i]
	}
	if l.Change != "" {
		p.Change, err = s.Read.ContactChange(ctx, l.Change)
	}
	p.fill()
	return p, err
}

// fill puts the contacts into the form, with a row for one more.
func (p *contactPage) fill() {
	v, reached := values("version", strconv.Itoa(p.k.Version)), 0
	n := 0
	for _, x := range p.k.Contacts {
		if x.Leaving() {
			p.Leaving = append(p.Leaving, x)
			continue
		}
		if x.Usable() {
			reached++
		}
		setContact(v, n, x, p.k.Lang)
		n++
	}
	p.Single = reached < 2
	p.room(max(n+1, 2))
	for i := n; i < len(p.Rows); i++ {
		setContact(v, i, incident.Contact{}, p.k.Lang)
	}
	p.Form = p.filled(v)
}

// room makes so many rows.
func (p *contactPage) room(n int) {
	p.Rows, p.Orders = make([]int, n), make([]int, n)
	for i := range n {
		p.Rows[i], p.Orders[i] = i, i+1
	}
}

func setContact(v url.Values, n int, x incident.Contact, lang string) {
	if x.Lang == "" {
		x.Lang = lang
	}
	for name, value := range map[string]string{"name": x.Name, "email": x.Email, "phone": x.Phone, "lang": x.Lang, "order": strconv.Itoa(n + 1)} {
		v.Set(numbered(name, n), value)
	}
}

// Awaits reports whether the address in a row has not answered yet.
func (p *contactPage) Awaits(row int) bool {
	email := p.Form.Get(numbered("email", row))
	return slices.ContainsFunc(p.k.Contacts, func(x incident.Contact) bool { return x.Awaits && email != "" && strings.EqualFold(x.Email, email) })
}

func (s *Server) showContacts(c *gin.Context) error {
	p, err := s.contactPageOf(c)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "contacts", p)
}

// doContacts does what the link is for.
func (s *Server) doContacts(c *gin.Context) error {
	p, err := s.contactPageOf(c)
	if err != nil {
		return err
	}
	ctx, said := c.Request.Context(), "contacts_"+string(p.Link.Kind)
	var rows []int
	switch p.Link.Kind {
	case incident.ToAnswer:
		err = s.Desk.AnswerContact(ctx, p.Secret)
	case incident.ToObject:
		err = s.Desk.ObjectContacts(ctx, p.Secret)
	default:
		in, changed := incident.Confirming{Version: number(c, "version")}, false
		in.Contacts, rows = typedContacts(c)
		if changed, err = s.Desk.ConfirmContacts(ctx, p.Secret, in); changed {
			said = "contacts_corrected"
		}
	}
	if err == nil {
		return s.redirect(c, "/c/"+p.Secret+"?lang="+p.Lang+"&said="+said)
	}
	fresh := p.Form.Values
	if !s.again(c, &p.page, atRows(err, rows)) {
		return err
	}
	if incident.KindOf(err) == incident.Conflict { // what was typed stays, beside what is there now
		p.Form.Saved = fresh
		p.Form.Values.Set("version", fresh.Get("version"))
	}
	p.room(max(len(p.Rows), lastRow(c)+1))
	return s.render(c, statusOf(err), "contacts", p)
}

// typedContacts reads the rows in which something stands and that were not
// struck out, in the order that was chosen, and their numbers.
func typedContacts(c *gin.Context) (all []incident.Contact, rows []int) {
	for i := range contactRowsMost {
		if filledRow(c, i) && c.PostForm(numbered("gone", i)) == "" {
			rows = append(rows, i)
		}
	}
	slices.SortStableFunc(rows, func(a, b int) int { return number(c, numbered("order", a)) - number(c, numbered("order", b)) })
	for _, i := range rows {
		all = append(all, incident.Contact{Name: c.PostForm(numbered("name", i)), Email: c.PostForm(numbered("email", i)),
			Phone: c.PostForm(numbered("phone", i)), Lang: c.PostForm(numbered("lang", i))})
	}
	return all, rows
}

func filledRow(c *gin.Context, i int) bool {
	return strings.TrimSpace(c.PostForm(numbered("name", i))+c.PostForm(numbered("email", i))+c.PostForm(numbered("phone", i))) != ""
}

// lastRow is the number of the last row in which something stands.
func lastRow(c *gin.Context) int {
	last := 0
	for i := range contactRowsMost {
		if filledRow(c, i) {
			last = i
		}
	}
	return last
}

// atRows gives errors about the n-th contact the name of the row in which it
// was typed.
func atRows(err error, rows []int) error {
	var many incident.Errors
	if !errors.As(err, &many) {
		return err
	}
	for _, e := range many {
		name, n, ok := strings.Cut(e.Field, "_")
		if i, bad := strconv.Atoi(n); ok && bad == nil && i < len(rows) {
			e.Field = numbered(name, rows[i])
		}
	}
	return many
}
