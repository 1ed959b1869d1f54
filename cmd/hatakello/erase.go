package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"hatakello/incident"
)

// EraseCmd is "hatakello erase": it shows where a person stands in the whole
// record and, given a reason, takes them out of it.
type EraseCmd struct {
	database
	Terms   []string `arg:"" optional:"" help:"${erase_terms}"`
	Inside  bool     `help:"${erase_inside}"`
	Reason  string   `help:"${erase_reason}"`
	Basis   string   `help:"${erase_basis}" placeholder:"BASIS"`
	Subject string   `help:"${erase_subject}" default:"subject"`
	Second  string   `help:"${erase_second}"`
	Spare   []string `help:"${erase_spare}" sep:"none" placeholder:"PLACE"`
	Proofs  bool     `help:"${erase_proofs}"`
	Scrub   bool     `help:"${erase_scrub}"`
}

// Run lists places, one on a line, or erases.
func (cmd EraseCmd) Run(ctx context.Context, t *terminal) error {
	h, err := t.open(ctx, cmd.database)
	if err != nil {
		return err
	}
	defer h.close()
	if cmd.Scrub {
		return cmd.scrub(ctx, t, h)
	}
	seek := incident.Seek{Terms: cmd.Terms, Inside: cmd.Inside}
	if cmd.Reason == "" {
		return cmd.look(ctx, t, h, seek)
	}
	x, err := h.desk.Erase(ctx, keeper(), incident.Erasing{Seek: seek, Subject: cmd.Subject, Reason: cmd.Reason, Basis: cmd.Basis,
		Second: cmd.Second, Spare: cmd.Spare, Proofs: cmd.Proofs})
	if err != nil {
		return err
	}
	t.print("cli.erase.done", "Mark", x.Mark, "Rows", sum(x.Changed), "Kept", sum(x.Kept))
	waits, err := h.db.Unscrubbed(ctx, h.desk.Now())
	if err == nil && waits {
		t.say("erase.unscrubbed")
	}
	return err
}

// keeper is the operator with the right to erase: whoever has the database's
// file could do worse.
func keeper() incident.Actor {
	by := operator()
	by.Roles = append(by.Roles, incident.Privacy)
	return by
}

// look lists where the person stands.
func (cmd EraseCmd) look(ctx context.Context, t *terminal, h *house, seek incident.Seek) error {
	all, err := h.desk.Find(ctx, keeper(), seek)
	if err != nil {
		return err
	}
	for _, p := range all {
		what := p.Excerpt
		if p.Proof {
			what = t.words.Say(t.lang, "erase.file")
		}
		if p.Blocked {
			what += " (" + t.words.Say(t.lang, "erase.stops") + ")"
		}
		fmt.Fprintf(t.out, "%s\t%s\t%s\t%s\n", p.ID(), p.Number, t.words.Say(t.lang, "erase.table."+p.Table), what)
	}
	t.say("cli.erase.places", "N", len(all))
	return nil
}

// scrub writes the files of the database anew, however large they are.
func (cmd EraseCmd) scrub(ctx context.Context, t *terminal, h *house) error {
	at := h.desk.Now().UTC()
	if _, err := h.db.Scrub(ctx, 1<<62); err != nil {
		return err
	}
	if err := h.db.Scrubbed(ctx, at); err != nil {
		return err
	}
	t.print("cli.erase.scrubbed")
	return nil
}

func sum(by map[string]int) int {
	n := 0
	for _, x := range by {
		n += x
	}
	return n
}

// tallied is what was erased by table, in words.
func (t *terminal) tallied(by map[string]int) string {
	var all []string
	for _, table := range slices.Sorted(maps.Keys(by)) {
		all = append(all, fmt.Sprintf("%s %d", t.words.Say(t.lang, "erase.table."+table), by[table]))
	}
	return strings.Join(all, ", ")
}
