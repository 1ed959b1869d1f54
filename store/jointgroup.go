package store

import (
	"context"
	"database/sql"

	"hatakello/incident"
)

// jointGroups adds groups of joint controllers, or changes those whose versions
// hold.
func (w *write) jointGroups(ctx context.Context, c conn) error {
	for _, g := range w.JointGroups {
		n, err := c.exec(ctx, `
			insert into joint_group (id, name, folded, lead, arrangement, arranged, ended, version) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 + 1)
			on conflict (id) do update set name = excluded.name, folded = excluded.folded, lead = excluded.lead,
				arrangement = excluded.arrangement, arranged = excluded.arranged, ended = excluded.ended, version = excluded.version
			where joint_group.version = ?8`,
			g.ID, g.Name, fold(g.Name), g.Lead, g.Arrangement, instant(g.Arranged), instant(g.Ended), g.Version)
		if err != nil {
			return err
		}
		if n == 0 {
			return incident.ErrStale
		}
		if err := c.bindRow(ctx, "joint_group", g.ID); err != nil {
			return err
		}
		if err := c.loseIn(ctx, facetOf["joint_member"], "t.joint_group in ({ids})", []string{g.ID}); err != nil {
			return err
		}
		if _, err := c.exec(ctx, `delete from joint_member where joint_group = ?1`, g.ID); err != nil {
			return err
		}
		for _, k := range g.Members {
			if _, err := c.exec(ctx, `insert into joint_member (joint_group, controller) values (?1, ?2)`, g.ID, k); err != nil {
				return err
			}
			if err := c.ledger.bind(facetOf["joint_member"], g.ID, k); err != nil {
				return err
			}
		}
	}
	return nil
}

func readJointGroup(rows *sql.Rows) (*incident.JointGroup, error) {
	g := &incident.JointGroup{}
	return g, rows.Scan(&g.ID, &g.Name, &g.Lead, &g.Arrangement, when(&g.Arranged), when(&g.Ended), &g.Version)
}

const jointGroupColumns = `g.id, g.name, g.lead, g.arrangement, g.arranged, g.ended, g.version`

// JointGroup loads one group of joint controllers.
func (db *DB) JointGroup(ctx context.Context, id string) (g *incident.JointGroup, err error) {
	err = db.view(ctx, func(c conn) error {
		if g, err = only(ctx, c, "joint.unknown", readJointGroup, `select `+jointGroupColumns+` from joint_group g where g.id = ?1`, id); err != nil {
			return err
		}
		return fillMembers(ctx, c, []*incident.JointGroup{g})
	})
	return g, err
}

// JointGroups loads the groups that are asked for, by name.
func (db *DB) JointGroups(ctx context.Context, in incident.JointGroupIn) (all []*incident.JointGroup, err error) {
	err = db.view(ctx, func(c conn) error {
		all, err = list(ctx, c, readJointGroup, `
			select `+jointGroupColumns+` from joint_group g
			where (g.ended is null or ?3)
				and (?1 = '' or exists (select 1 from joint_member m join record r on r.controller = m.controller
					where m.joint_group = g.id and r.incident = ?1))
				and (?2 = '' or exists (select 1 from joint_member m where m.joint_group = g.id and m.controller = ?2))
			order by g.folded, g.id`, in.Incident, in.Controller, in.Ended)
		if err != nil {
			return err
		}
		return fillMembers(ctx, c, all)
	})
	return all, err
}

// fillMembers loads who belongs to groups.
func fillMembers(ctx context.Context, c conn, all []*incident.JointGroup) error {
	for _, g := range all {
		var err error
		if g.Members, err = list(ctx, c, text, `select controller from joint_member where joint_group = ?1 order by controller`, g.ID); err != nil {
			return err
		}
	}
	return nil
}
