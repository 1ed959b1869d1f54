package store

import (
	"context"
	"database/sql"
	"maps"
	"slices"

	"hatakello/incident"
)

var putService = insert("service", "id, name, folded, own, users",
	"on conflict (id) do update set name = excluded.name, folded = excluded.folded, own = excluded.own").bindAs("service")

// services adds or changes services. How many use them is counted elsewhere.
func (w *write) services(ctx context.Context, c conn) error {
	_, err := putService.run(ctx, c, len(w.Register.Services), func(i int) []any {
		s := w.Register.Services[i]
		return []any{s.ID, s.Name, fold(s.Name), s.Own, 0}
	})
	return err
}

// Services loads all services, ordered by name.
func (db *DB) Services(ctx context.Context) ([]*incident.Service, error) {
	return list(ctx, db.conn(), func(rows *sql.Rows) (*incident.Service, error) {
		s := &incident.Service{}
		return s, rows.Scan(&s.ID, &s.Name, &s.Own, &s.Users)
	}, `select id, name, own, users from service order by folded, id`)
}

// putController adds a controller, or changes one that still has the version
// before the one given.
var putController = insert("controller", "id, name, folded, business_id, lang, authority, hours, mandate, open_link, version", `
	on conflict (id) do update set name = excluded.name, folded = excluded.folded, business_id = excluded.business_id,
		lang = excluded.lang, authority = excluded.authority, hours = excluded.hours, mandate = excluded.mandate, open_link = excluded.open_link, version = excluded.version
	where controller.version = excluded.version - 1`).bindAs("controller")

// controllers adds or changes controllers, and puts their contacts and uses in
// the place of the old ones. A new controller has Version 0.
func (w *write) controllers(ctx context.Context, c conn) error {
	ks := slices.SortedFunc(slices.Values(w.Register.Controllers), func(a, b *incident.Controller) int {
		return slices.Compare([]string{a.ID}, []string{b.ID})
	})
	mandates := make([]string, len(ks))
	for i, k := range ks {
		var err error
		if mandates[i], err = asJSON(k.Mandate); err != nil {
			return err
		}
	}
	n, err := putController.run(ctx, c, len(ks), func(i int) []any {
		k := ks[i]
		return []any{k.ID, k.Name, fold(k.Name), k.BusinessID, k.Lang, k.Authority, k.Hours, mandates[i], k.OpenLink, k.Version + 1}
	})
	if err != nil || len(ks) == 0 {
		return err
	}
	if n != int64(len(ks)) {
		return incident.ErrStale
	}
	users := map[string]int{}
	if err := clearOld(ctx, c, ks, users); err != nil {
		return err
	}
	if err := addContacts(ctx, c, ks); err != nil {
		return err
	}
	if err := addUses(ctx, c, ks, users); err != nil {
		return err
	}
	return countUsers(ctx, c, users)
}

// clearOld takes away contacts and uses of controllers that are not new, and
// takes the uses off users.
func clearOld(ctx context.Context, c conn, ks []*incident.Controller, users map[string]int) error {
	var old []string
	for _, k := range ks {
		if k.Version > 0 {
			old = append(old, k.ID)
		}
	}
	used, err := listIn(ctx, c, text, `
		select service from (select distinct controller, service from usage where controller in ({ids})) as u
		order by service`, old)
	if err != nil {
		return err
	}
	for _, s := range used {
		users[s]--
	}
	if err := c.loseIn(ctx, facetOf["contact"], "t.controller in ({ids})", old); err != nil {
		return err
	}
	if err := c.loseIn(ctx, facetOf["contact_more"], "t.controller in ({ids})", old); err != nil {
		return err
	}
	if err := c.loseIn(ctx, facetOf["usage"], "t.controller in ({ids})", old); err != nil {
		return err
	}
	for _, sql := range []string{`delete from contact where controller in ({ids})`, `delete from usage where controller in ({ids})`} {
		if _, err := c.execIn(ctx, sql, old); err != nil {
			return err
		}
	}
	return nil
}

var (
	insertContact = insert("contact", "controller, n, name, email, phone, lang, awaits, ends", "").bindAs("contact")
	insertUse     = insert("usage", "controller, service, tenant, n", "on conflict (controller, service, tenant) do nothing").bindAs("usage")
)

func addContacts(ctx context.Context, c conn, ks []*incident.Controller) error {
	var rows [][]any
	for _, k := range ks {
		for n, o := range k.Contacts {
			rows = append(rows, []any{k.ID, n, o.Name, o.Email, o.Phone, o.Lang, o.Awaits, instant(o.Ends)})
		}
	}
	if err := insertContact.all(ctx, c, rows); err != nil {
		return err
	}
	for _, k := range ks {
		for n, o := range k.Contacts {
			if o.Lang == "" && !o.Awaits && !o.Leaving() {
				continue
			}
			if err := c.ledger.bind(facetOf["contact_more"], k.ID, n, o.Lang, o.Awaits, instant(o.Ends)); err != nil {
				return err
			}
		}
	}
	return nil
}

func addUses(ctx context.Context, c conn, ks []*incident.Controller, users map[string]int) error {
	var rows [][]any
	for _, k := range ks {
		seen := map[string]bool{}
		for n, u := range k.Uses {
			rows = append(rows, []any{k.ID, u.Service, u.Tenant, n})
			if !seen[u.Service] {
				seen[u.Service] = true
				users[u.Service]++
			}
		}
	}
	return insertUse.all(ctx, c, rows)
}

// countUsers adds to how many controllers use each service.
func countUsers(ctx context.Context, c conn, users map[string]int) error {
	for _, id := range slices.Sorted(maps.Keys(users)) {
		if users[id] == 0 {
			continue
		}
		if _, err := c.exec(ctx, `update service set users = users + ?2 where id = ?1`, id, users[id]); err != nil {
			return err
		}
	}
	return nil
}
