package store

import (
	"context"
	"database/sql"

	"hatakello/incident"
)

const controllerColumns = `id, name, business_id, lang, authority, hours, mandate, open_link, version`

func readController(rows *sql.Rows) (*incident.Controller, error) {
	k := &incident.Controller{}
	return k, rows.Scan(&k.ID, &k.Name, &k.BusinessID, &k.Lang, &k.Authority, &k.Hours, document(&k.Mandate), &k.OpenLink, &k.Version)
}

// Controllers loads those ids with contacts and uses, ordered by id. Unknown
// ids are left out.
func (db *DB) Controllers(ctx context.Context, ids []string) (ks []*incident.Controller, err error) {
	err = db.view(ctx, func(c conn) error {
		ks, err = loadControllers(ctx, c, unique(ids))
		return err
	})
	return ks, err
}

func loadControllers(ctx context.Context, c conn, ids []string) ([]*incident.Controller, error) {
	ks, err := listIn(ctx, c, readController, `
		select `+controllerColumns+` from controller where id in ({ids}) order by id`, ids)
	if err != nil {
		return nil, err
	}
	return ks, fillControllers(ctx, c, ks)
}

// fillControllers loads contacts and uses.
func fillControllers(ctx context.Context, c conn, ks []*incident.Controller) error {
	by, ids := make(map[string]*incident.Controller, len(ks)), make([]string, len(ks))
	for i, k := range ks {
		by[k.ID], ids[i] = k, k.ID
	}
	_, err := listIn(ctx, c, func(rows *sql.Rows) (struct{}, error) {
		var id string
		var o incident.Contact
		err := rows.Scan(&id, &o.Name, &o.Email, &o.Phone, &o.Lang, &o.Awaits, when(&o.Ends))
		by[id].Contacts = append(by[id].Contacts, o)
		return struct{}{}, err
	}, `select controller, name, email, phone, lang, awaits, ends from contact where controller in ({ids}) order by controller, n`, ids)
	if err != nil {
		return err
	}
	_, err = listIn(ctx, c, func(rows *sql.Rows) (struct{}, error) {
		var id string
		var u incident.Use
		err := rows.Scan(&id, &u.Service, &u.Tenant)
		by[id].Uses = append(by[id].Uses, u)
		return struct{}{}, err
	}, `select controller, service, tenant from usage where controller in ({ids}) order by controller, n`, ids)
	return err
}

// Affected returns the controllers that use any of the services, each once and
// ordered by id, with all their contacts and uses. Own services give the
// controller Own; if the register does not hold it, it is made of the
// organisation's name.
func (db *DB) Affected(ctx context.Context, services []string) (ks []*incident.Controller, err error) {
	err = db.view(ctx, func(c conn) error {
		ids, err := listIn(ctx, c, text, `select distinct controller from usage where service in ({ids}) order by controller`, unique(services))
		if err != nil {
			return err
		}
		own, err := listIn(ctx, c, text, `select id from service where own and id in ({ids}) order by id`, unique(services))
		if err != nil {
			return err
		}
		if len(own) > 0 {
			ids = append(ids, incident.Own)
		}
		if ks, err = loadControllers(ctx, c, unique(ids)); err != nil || len(own) == 0 {
			return err
		}
		ks, err = withOwn(ctx, c, ks)
		return err
	})
	return ks, err
}

// withOwn adds the own company if it is not among ks.
func withOwn(ctx context.Context, c conn, ks []*incident.Controller) ([]*incident.Controller, error) {
	for _, k := range ks {
		if k.ID == incident.Own {
			return ks, nil
		}
	}
	o, err := organisation(ctx, c)
	return append(ks, &incident.Controller{ID: incident.Own, Name: o.Name, Lang: "fi"}), err
}

// Match finds controllers by id, tenant id, business ID or name, whose case
// and accents do not count. The result maps each word to the ids that it names,
// in order; words that name nobody are not in it.
func (db *DB) Match(ctx context.Context, words []string) (map[string][]string, error) {
	asTyped, asFolded := map[string][]string{}, map[string][]string{}
	var folded []string
	for _, w := range words {
		folded = append(folded, fold(w))
	}
	err := db.view(ctx, func(c conn) error {
		if err := matchIn(ctx, c, `select folded, id from controller where folded in ({ids}) order by id`, folded, asFolded); err != nil {
			return err
		}
		for _, sql := range []string{
			`select id, id from controller where id in ({ids}) order by id`,
			`select business_id, id from controller where business_id <> '' and business_id in ({ids}) order by id`,
			`select tenant, controller from usage where tenant <> '' and tenant in ({ids}) order by controller`,
		} {
			if err := matchIn(ctx, c, sql, words, asTyped); err != nil {
				return err
			}
		}
		return nil
	})
	hits := map[string][]string{}
	for i, w := range words {
		if ids := unique(append(asTyped[w], asFolded[folded[i]]...)); len(ids) > 0 {
			hits[w] = ids
		}
	}
	return hits, err
}

// matchIn adds to hits what a query of (word, id) finds.
func matchIn(ctx context.Context, c conn, sqlText string, words []string, hits map[string][]string) error {
	_, err := listIn(ctx, c, func(rows *sql.Rows) (struct{}, error) {
		var word, id string
		err := rows.Scan(&word, &id)
		hits[word] = append(hits[word], id)
		return struct{}{}, err
	}, sqlText, unique(words))
	return err
}

// Customers come by name, with contacts and uses. The search is in name and
// business ID. The own company is not among them.
func (db *DB) Customers(ctx context.Context, search string, cut incident.Cut) (ks []*incident.Controller, next string, err error) {
	after, err := readCursor(cut.After, 2)
	if err != nil {
		return nil, "", err
	}
	where, args := "", []any{after.after(0), after.after(1), incident.Own, cut.Limit + 1}
	if fold(search) != "" {
		where, args = ` and (folded like ?5 escape '\' or business_id like ?5 escape '\')`, append(args, containing(search))
	}
	err = db.view(ctx, func(c conn) error {
		ks, err = list(ctx, c, readController, `
			select `+controllerColumns+` from controller
			where (folded, id) > (?1, ?2) and id <> ?3`+where+`
			order by folded, id
			limit ?4`, args...)
		if err != nil {
			return err
		}
		ks, next = page(ks, cut, func(k *incident.Controller) []string { return []string{fold(k.Name), k.ID} })
		return fillControllers(ctx, c, ks)
	})
	return ks, next, err
}

// Names lists all controllers but the own company, ordered by id.
func (db *DB) Names(ctx context.Context) ([]incident.Named, error) {
	return list(ctx, db.conn(), func(rows *sql.Rows) (n incident.Named, err error) {
		err = rows.Scan(&n.ID, &n.Name, &n.BusinessID)
		return n, err
	}, `select id, name, business_id from controller where id <> ?1 order by id`, incident.Own)
}
