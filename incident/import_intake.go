package incident

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// intake compares a file with the register: what would be added and changed.
type intake struct {
	done     *Imported
	register Register
	before   map[string]*Controller // changed customers as they were, by id

	newID      func() string
	byBusiness map[string][]*Controller
	byName     map[string][]*Controller // folded
	byTenant   map[listedUse]*Controller
	services   map[string]*Service // by folded name, those of the file included
	taken      map[string]*listed  // customers that the file has named already, by id
}

// intake works out what the table means for the register as it is now.
func (d *Desk) intake(ctx context.Context, t *customerTable, step func(done, total int)) (*intake, error) {
	p := &intake{newID: d.NewID, before: map[string]*Controller{}, taken: map[string]*listed{}}
	p.done = &Imported{Rows: t.Rows, Bad: slices.Clone(t.Bad), Doubts: slices.Clone(t.Doubts), Unknown: t.Unknown, Encoding: t.Encoding}
	if err := p.load(ctx, d.Store, t); err != nil {
		return nil, err
	}
	for i, k := range t.Customers {
		if step != nil && i%100 == 0 {
			step(i, len(t.Customers))
		}
		if e := p.take(k); e != nil {
			p.done.Bad = append(p.done.Bad, BadRow{k.line, e.Field, e})
		}
	}
	if step != nil {
		step(len(t.Customers), len(t.Customers))
	}
	sortRows(p.done.Bad)
	sortRows(p.done.Doubts)
	return p, nil
}

// load reads the part of the register that the file may speak of.
func (p *intake) load(ctx context.Context, s Store, t *customerTable) error {
	services, err := s.Services(ctx)
	if err != nil {
		return fmt.Errorf("load services: %w", err)
	}
	p.services = make(map[string]*Service, len(services))
	names := make(map[string]string, len(services))
	for _, v := range services {
		p.services[fold(v.Name)], names[v.ID] = v, fold(v.Name)
	}
	matched, err := s.Match(ctx, t.words())
	if err != nil {
		return fmt.Errorf("match customers: %w", err)
	}
	var ids []string
	for _, found := range matched {
		ids = append(ids, found...)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	p.byBusiness, p.byName, p.byTenant = map[string][]*Controller{}, map[string][]*Controller{}, map[listedUse]*Controller{}
	if len(ids) == 0 {
		return nil
	}
	known, err := s.Controllers(ctx, ids)
	if err != nil {
		return fmt.Errorf("load customers: %w", err)
	}
	slices.SortFunc(known, func(a, b *Controller) int { return strings.Compare(a.ID, b.ID) })
	for _, c := range known {
		if c.BusinessID != "" {
			p.byBusiness[c.BusinessID] = append(p.byBusiness[c.BusinessID], c)
		}
		p.byName[fold(c.Name)] = append(p.byName[fold(c.Name)], c)
		for _, u := range c.Uses {
			if u.Tenant != "" {
				p.byTenant[listedUse{names[u.Service], u.Tenant}] = c
			}
		}
	}
	return nil
}

// words are all the names by which the register may know the file's customers.
func (t *customerTable) words() []string {
	seen := map[string]bool{"": true}
	var words []string
	add := func(w string) {
		if !seen[w] {
			seen[w] = true
			words = append(words, w)
		}
	}
	for _, k := range t.Customers {
		add(k.row.businessID)
		add(k.row.name)
		for _, u := range k.uses {
			add(u.tenant)
		}
	}
	return words
}

// find returns the customer of the register that k means, or nil for a new one.
func (p *intake) find(k *listed) (*Controller, *Error) {
	found := p.byBusiness[k.row.businessID]
	if len(found) == 0 {
		for _, c := range p.byName[fold(k.row.name)] {
			if k.row.businessID == "" || c.BusinessID == "" {
				found = append(found, c)
			}
		}
	}
	switch {
	case len(found) == 0:
		return nil, nil
	case len(found) > 1:
		return nil, badCell("business_id", "import.ambiguous", "text", clip(k.row.name))
	case found[0].ID == Own:
		return nil, badCell("name", "import.own", "text", clip(k.row.name))
	}
	if first := p.taken[found[0].ID]; first != nil {
		return nil, badCell("name", "import.same_customer", "text", clip(k.row.name), "line", first.line, "name", clip(found[0].Name))
	}
	return found[0], nil
}

// take adds or changes one customer, or says why it cannot.
func (p *intake) take(k *listed) *Error {
	old, e := p.find(k)
	if e != nil {
		return e
	}
	for _, u := range k.uses {
		if v := p.services[fold(u.service)]; v != nil && v.Own {
			return badCell("service", "import.service_own", "text", clip(u.service))
		}
	}
	c := &Controller{Lang: "fi", Version: 1}
	if old != nil {
		now := *old
		c = &now
	}
	c.Contacts = mergeContacts(k.contacts, c.Contacts)
	if len(c.Contacts) == 0 {
		return badCell("contact_email", "import.no_contact", "text", clip(k.row.name))
	}
	p.doubts(k, c)
	c.Name = k.row.name
	if k.row.businessID != "" {
		c.BusinessID = k.row.businessID
	}
	if k.row.lang != "" {
		c.Lang = k.row.lang
	}
	if k.row.hours != unsaid {
		c.Hours = k.row.hours
	}
	c.Uses = p.mergeUses(k.uses, c.Uses)
	p.put(k, old, c)
	return nil
}

// put counts the customer and, unless it is as it was, writes it.
func (p *intake) put(k *listed, old, c *Controller) {
	switch {
	case old == nil:
		c.ID = p.newID()
		p.done.Added++
	case c.equal(old):
		p.taken[c.ID] = k
		p.done.Same++
		return
	default:
		p.before[c.ID] = old
		p.done.Changed++
	}
	p.taken[c.ID] = k
	p.register.Controllers = append(p.register.Controllers, c)
}

func (c *Controller) equal(d *Controller) bool {
	return c.Name == d.Name && c.BusinessID == d.BusinessID && c.Lang == d.Lang && c.Hours == d.Hours &&
		slices.Equal(c.Contacts, d.Contacts) && slices.Equal(c.Uses, d.Uses)
}

// doubts reports what is taken in and yet should be looked at.
func (p *intake) doubts(k *listed, c *Controller) {
	say := func(e *Error) { p.done.Doubts = append(p.done.Doubts, BadRow{k.line, e.Field, e}) }
	if !slices.ContainsFunc(c.Contacts, func(t Contact) bool { return t.Email != "" }) {
		say(badCell("contact_email", "import.no_email", "text", clip(k.row.name)))
	}
	if len(k.uses) == 0 && len(c.Uses) == 0 {
		say(badCell("service", "import.no_service", "text", clip(k.row.name)))
	}
	for _, u := range k.uses {
		if other := p.byTenant[listedUse{fold(u.service), u.tenant}]; u.tenant != "" && other != nil && other.ID != c.ID {
			say(badCell("tenant_id", "import.tenant_known", "text", clip(u.tenant), "name", clip(other.Name)))
		}
	}
}
