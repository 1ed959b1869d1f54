package incident

import "slices"

// mergeContacts puts the file's contacts first, because the newest list knows
// whom to tell first, and keeps the others behind them.
func mergeContacts(listed, known []Contact) []Contact {
	all := slices.Clone(listed)
	for i, c := range all {
		if j := slices.IndexFunc(known, c.same); j >= 0 {
			all[i].fill(known[j])
			all[i].standAs(known[j])
		}
	}
	for _, c := range known {
		if !slices.ContainsFunc(listed, c.same) {
			all = append(all, c)
		}
	}
	return all
}

// mergeUses adds the file's services behind those known, making services that
// do not exist yet.
func (p *intake) mergeUses(listed []listedUse, known []Use) []Use {
	all := slices.Clone(known)
	for _, u := range listed {
		v := p.services[fold(u.service)]
		if v == nil {
			v = &Service{ID: p.newID(), Name: u.service}
			p.services[fold(u.service)] = v
			p.register.Services = append(p.register.Services, v)
			p.done.Services++
		}
		use := Use{Service: v.ID, Tenant: u.tenant}
		same := func(w Use) bool { return w == use || w.Service == use.Service && use.Tenant == "" }
		if slices.ContainsFunc(all, same) {
			continue
		}
		if i := slices.Index(all, Use{Service: v.ID}); i >= 0 {
			all[i] = use
			continue
		}
		all = append(all, use)
	}
	return all
}

// what says for the audit chain what the import did.
func (p *intake) what(t *customerTable) map[string]any {
	type change struct {
		Was *Controller `json:"was,omitempty"`
		Now *Controller `json:"now"`
	}
	changes := make([]change, len(p.register.Controllers))
	for i, c := range p.register.Controllers {
		changes[i] = change{p.before[c.ID], c}
	}
	return map[string]any{"file_sha256": t.SHA256, "rows": t.Rows, "bad": len(p.done.Bad), "customers": changes, "services": p.register.Services}
}
