package incident

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// JointGroup is customers that decide together, as their arrangement under
// Art. 26 says. It is kept in the register and proposed for a case that
// touches one of them.
type JointGroup struct {
	ID          string
	Name        string
	Members     []string  // ids of controllers, two at least, in order
	Lead        string    // whose report is the report of all; "" for none
	Arrangement string    // what it is and where it is kept; "" if none has been seen
	Arranged    time.Time // date of the arrangement, or zero
	Ended       time.Time // zero: still in force
	Version     int
}

// JointGroupIn says which groups are asked for.
type JointGroupIn struct {
	Incident   string // those with a member in the case; "" is any
	Controller string // those of one controller; "" is any
	Ended      bool   // ended ones too
}

// A Grouping is how a group is typed: its members and lead by id, name, business
// ID or tenant id.
type Grouping struct {
	ID          string // "" makes a new one
	Version     int
	Name        string
	Members     []string
	Lead        string
	Arrangement string
	Arranged    time.Time
	Ended       bool
}

// groupMost is how many customers a group may have.
const groupMost = 100

// SaveJointGroup keeps a group of joint controllers. A lead needs an
// arrangement that names it.
func (d *Desk) SaveJointGroup(ctx context.Context, by Actor, in Grouping) (*JointGroup, error) {
	in.Name, in.Lead, in.Arrangement = strings.TrimSpace(in.Name), strings.TrimSpace(in.Lead), strings.TrimSpace(in.Arrangement)
	members, lead, err := d.grouped(ctx, in)
	if err != nil {
		return nil, err
	}
	var made *JointGroup
	_, err = d.act(ctx, by, "register", "", func(c *Change) error {
		g := &JointGroup{ID: in.ID, Version: in.Version}
		if in.ID == "" {
			g.ID = d.NewID()
		} else if g, err = d.Store.JointGroup(ctx, in.ID); err != nil {
			return err
		} else if g.Version != in.Version {
			return &Error{Kind: Conflict, Key: "act.conflict"}
		}
		g.Name, g.Members, g.Lead, g.Arrangement, g.Arranged = in.Name, members, lead, in.Arrangement, in.Arranged
		switch {
		case !in.Ended:
			g.Ended = time.Time{}
		case g.Ended.IsZero():
			g.Ended = c.At
		}
		made, c.JointGroups, c.Result = g, []*JointGroup{g}, g.ID
		c.What = map[string]any{"joint_group": g}
		return nil
	})
	return made, err
}

// grouped finds the customers that are meant, and what is wrong.
func (d *Desk) grouped(ctx context.Context, in Grouping) (members []string, lead string, err error) {
	var errs Errors
	switch n := utf8.RuneCountInString(in.Name); {
	case n == 0:
		errs = append(errs, invalid("name", "name.empty"))
	case n > nameMax:
		errs = append(errs, invalid("name", "name.long"))
	}
	members, errs, err = d.meant(ctx, "members", in.Members, errs)
	if err != nil {
		return nil, "", err
	}
	if len(errs) == 0 && (len(members) < 2 || len(members) > groupMost) {
		errs = append(errs, &Error{Kind: Invalid, Field: "members", Key: "joint.members", Args: map[string]any{"max": groupMost}})
	}
	if in.Lead != "" {
		clear := len(errs) == 0
		var one []string
		if one, errs, err = d.meant(ctx, "lead", []string{in.Lead}, errs); err != nil {
			return nil, "", err
		}
		if len(one) == 1 {
			lead = one[0]
		}
		if clear && lead != "" && !slices.Contains(members, lead) {
			errs = append(errs, invalid("lead", "joint.lead_outside"))
		}
		if in.Arrangement == "" {
			errs = append(errs, invalid("arrangement", "joint.lead_unarranged"))
		}
	}
	return members, lead, errs.orNil()
}

// meant returns the ids of the customers that words name; a word that names
// none or several is an error at the field.
func (d *Desk) meant(ctx context.Context, field string, words []string, errs Errors) ([]string, Errors, error) {
	found := &Found{}
	ks, err := d.named(ctx, words, found)
	if err != nil {
		return nil, errs, err
	}
	for _, w := range append(found.Unmatched, found.Doubtful...) {
		errs = append(errs, &Error{Kind: Invalid, Field: field, Key: "controller.unclear", Args: map[string]any{"name": w}})
	}
	var ids []string
	for _, k := range ks {
		if k.ID != Own {
			ids = append(ids, k.ID)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids), errs, nil
}

// UseJointGroup takes a kept group over into a case: members that are not in it
// yet become possibly affected, and all of them decide together there.
func (d *Desk) UseJointGroup(ctx context.Context, by Actor, incident, group string) error {
	g, err := d.Store.JointGroup(ctx, group)
	if err != nil {
		return err
	}
	if !g.Ended.IsZero() {
		return refused("joint.ended")
	}
	by.Request, by.Print = "", "" // it is two acts, each harmless when repeated
	if _, err := d.Affect(ctx, by, incident, Affect{Words: g.Members, Certainty: Possible}); err != nil {
		return err
	}
	in := Joining{Arranged: g.Arrangement != ""}
	for _, k := range g.Members {
		r, err := d.Store.RecordOf(ctx, incident, k)
		if err != nil {
			return err
		}
		if in.Records = append(in.Records, r.ID); k == g.Lead {
			in.Lead = r.ID
		}
	}
	return d.SetJoint(ctx, by, incident, in)
}
