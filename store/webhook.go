package store

import (
	"context"
	"database/sql"

	"hatakello/incident"
)

const webhookColumns = `id, controller, url, secret, made, made_by, ended`

// webhooks adds endpoints, or ends them. Nothing else about one changes.
func (w *write) webhooks(ctx context.Context, c conn) error {
	for _, k := range w.Webhooks {
		_, err := c.exec(ctx, `
			insert into webhook (`+webhookColumns+`) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)
			on conflict (id) do update set ended = excluded.ended`,
			k.ID, k.Controller, k.URL, k.Secret, orNever(k.Made), k.By, instant(k.Ended))
		if err == nil {
			err = c.bindRow(ctx, "webhook", k.ID)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func readWebhook(rows *sql.Rows) (*incident.Webhook, error) {
	k := &incident.Webhook{}
	return k, rows.Scan(&k.ID, &k.Controller, &k.URL, &k.Secret, when(&k.Made), &k.By, when(&k.Ended))
}

// Webhook loads one endpoint, ended ones too.
func (db *DB) Webhook(ctx context.Context, id string) (*incident.Webhook, error) {
	return only(ctx, db.conn(), "webhook.unknown", readWebhook, `select `+webhookColumns+` from webhook where id = ?1`, id)
}

// Webhooks loads the endpoints of controllers that have not been ended; "" is
// the organisation's own.
func (db *DB) Webhooks(ctx context.Context, controllers []string) ([]*incident.Webhook, error) {
	load := func() ([]*incident.Webhook, error) {
		return listIn(ctx, db.conn(), readWebhook, `
			select `+webhookColumns+` from webhook
			where controller in ({ids}) and ended is null
			order by controller, id`, unique(controllers))
	}
	if len(controllers) != 1 || controllers[0] != "" {
		return load()
	}
	kept, err := recollect(&db.recall, "webhooks", load)
	all := make([]*incident.Webhook, len(kept))
	for i, k := range kept {
		x := *k
		all[i] = &x
	}
	return all, err
}

// AllWebhooks loads every endpoint, newest first.
func (db *DB) AllWebhooks(ctx context.Context) ([]*incident.Webhook, error) {
	return list(ctx, db.conn(), readWebhook, `select `+webhookColumns+` from webhook order by id desc`)
}
