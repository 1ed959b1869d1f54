package incident

import (
	"slices"
	"strings"
)

// listed is one customer as a file describes it, from one or several rows.
type listed struct {
	line     int // of its first row
	row      customerRow
	contacts []Contact
	uses     []listedUse
	used     map[listedUse]bool // uses, folded; for quick search
	first    map[string]int     // index in uses by folded service
	at       map[string]int     // line on which a field was first said
}

// listedUse is a service of a customer, by name.
type listedUse struct{ service, tenant string }

// maxContacts is how many contacts a file may give one customer. More is a
// list of people, not of those who are told of breaches.
const maxContacts = 50

// maxUses is how many services, or tenants of services, a file may give one
// customer.
const maxUses = 500

// fold makes names that differ only in case equal.
func fold(s string) string { return strings.ToLower(s) }

// merge joins the rows of one customer: those with the same business ID, or the
// same name where there is none. A row without a business ID joins the only
// customer of its name.
func (t *customerTable) merge(rows []customerRow) {
	ids := map[string][]string{} // business IDs by name
	for _, r := range rows {
		if n := fold(r.name); r.businessID != "" && !slices.Contains(ids[n], r.businessID) && len(ids[n]) < 2 {
			ids[n] = append(ids[n], r.businessID)
		}
	}
	by := map[string]*listed{}
	tenants := map[listedUse]*listed{}
	for _, r := range rows {
		key := "id " + r.businessID
		if r.businessID == "" {
			switch same := ids[fold(r.name)]; len(same) {
			case 0:
				key = "name " + fold(r.name)
			case 1:
				key = "id " + same[0]
			default:
				t.bad(r.line, badCell("business_id", "import.ambiguous", "text", clip(r.name)))
				continue
			}
		}
		k := by[key]
		if k == nil {
			k = &listed{line: r.line, row: r, used: map[listedUse]bool{}, first: map[string]int{}, at: map[string]int{}}
			by[key] = k
			t.Customers = append(t.Customers, k)
		}
		if e := k.join(r); e != nil {
			t.bad(r.line, e)
			continue
		}
		use := listedUse{fold(r.service), r.tenant}
		if first := tenants[use]; r.tenant != "" && first != nil && first != k {
			t.doubt(r.line, badCell("tenant_id", "import.tenant_shared", "text", clip(r.tenant), "line", first.line, "name", clip(first.row.name)))
		} else if r.tenant != "" {
			tenants[use] = k
		}
	}
}

// join adds a further row to a customer, or says where it contradicts an
// earlier one. Blank cells contradict nothing.
func (k *listed) join(r customerRow) *Error {
	if fold(r.name) != fold(k.row.name) {
		return k.contradiction("name", r.name, k.row.name, k.line)
	}
	if r.lang != "" && k.row.lang != "" && r.lang != k.row.lang {
		return k.contradiction("language", r.lang, k.row.lang, k.at["language"])
	}
	if r.hours != unsaid && k.row.hours != unsaid && r.hours != k.row.hours {
		return k.contradiction("contract_hours", r.hours, k.row.hours, k.at["contract_hours"])
	}
	if len(k.uses) == maxUses {
		return badCell("service", "import.uses_many", "max", maxUses)
	}
	if e := k.addContact(r); e != nil {
		return e
	}
	if r.businessID != "" {
		k.row.businessID = r.businessID
	}
	if r.lang != "" && k.at["language"] == 0 {
		k.row.lang, k.at["language"] = r.lang, r.line
	}
	if r.hours != unsaid && k.at["contract_hours"] == 0 {
		k.row.hours, k.at["contract_hours"] = r.hours, r.line
	}
	k.addUse(r)
	return nil
}

func (k *listed) contradiction(field string, now, was any, line int) *Error {
	return badCell(field, "import.contradiction", "now", now, "was", was, "line", line)
}

// addContact adds the row's contact behind the earlier ones. The same address
// again only fills what was blank.
func (k *listed) addContact(r customerRow) *Error {
	c := r.contact
	if c == (Contact{}) {
		return nil
	}
	i := slices.IndexFunc(k.contacts, c.same)
	if i < 0 {
		if len(k.contacts) == maxContacts {
			return badCell("contact_email", "import.contacts_many", "max", maxContacts)
		}
		k.at["contact "+c.Email] = r.line
		k.contacts = append(k.contacts, c)
		return nil
	}
	was := &k.contacts[i]
	line := k.at["contact "+was.Email]
	if c.Name != "" && was.Name != "" && fold(c.Name) != fold(was.Name) {
		return k.contradiction("contact_name", c.Name, was.Name, line)
	}
	if c.Phone != "" && was.Phone != "" && digits(c.Phone) != digits(was.Phone) {
		return k.contradiction("contact_phone", c.Phone, was.Phone, line)
	}
	was.fill(c)
	return nil
}

// addUse adds the row's service. A service named without a tenant says less
// than the same one with it.
func (k *listed) addUse(r customerRow) {
	if r.service == "" {
		return
	}
	use := listedUse{fold(r.service), r.tenant}
	i, known := k.first[use.service]
	switch {
	case k.used[use], known && r.tenant == "":
		return
	case known && k.uses[i].tenant == "":
		k.uses[i].tenant = r.tenant
	default:
		k.uses = append(k.uses, listedUse{r.service, r.tenant})
	}
	if !known {
		k.first[use.service] = len(k.uses) - 1
	}
	k.used[use] = true
}

// same reports whether two contacts are one: the same address, any case, or
// where neither has one the same number.
func (c Contact) same(d Contact) bool {
	if c.Email != "" || d.Email != "" {
		return strings.EqualFold(c.Email, d.Email)
	}
	return digits(c.Phone) == digits(d.Phone)
}

// standAs takes over how far a correction of the contact has come: a list that
// names it says nothing about that.
func (c *Contact) standAs(d Contact) {
	if c.Lang == "" {
		c.Lang = d.Lang
	}
	c.Awaits, c.Ends = d.Awaits, d.Ends
}

// fill takes over what is still blank.
func (c *Contact) fill(d Contact) {
	if c.Name == "" {
		c.Name = d.Name
	}
	if c.Phone == "" {
		c.Phone = d.Phone
	}
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}
