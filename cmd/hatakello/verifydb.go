package main

import (
	"cmp"
	"context"
	"encoding/hex"
	"encoding/json"
	"os"
	"slices"
	"strings"

	"hatakello/incident"
	"hatakello/store"
)

// printed is how many findings are printed.
const printed = 20

// errFound ends a verification that found something; it has been said already.
type errFound struct{}

// Error is empty: nothing more is printed.
func (errFound) Error() string { return "" }

// verifyDatabase checks a whole database and names the first links and rows
// that do not hold.
func verifyDatabase(ctx context.Context, t *terminal, dsn string, roots []string) error {
	var kept []store.KeptRoot
	for _, r := range roots {
		k, err := readRoot(r)
		if err != nil {
			return &incident.Error{Kind: incident.Invalid, Key: "cli.verify.root", Args: map[string]any{"Root": r}}
		}
		kept = append(kept, k)
	}
	db, err := store.OpenReader(ctx, dsn)
	if err != nil {
		return err
	}
	defer db.Close()
	v, err := db.Verify(ctx, kept...)
	if err != nil {
		return err
	}
	numbers := map[string]string{}
	t.erased(ctx, db, v)
	for i, f := range v.Findings {
		if i == printed {
			break
		}
		if _, known := numbers[f.Chain]; !known {
			if inc, err := db.Incident(ctx, f.Chain); err == nil {
				numbers[f.Chain] = inc.Number
			}
		}
		t.print("proof.flaw", "Case", cmp.Or(numbers[f.Chain], f.Chain, "-"), "Link", f.Seq, "Table", f.Table, "Row", f.Row,
			"What", t.words.Say(t.lang, "proof.flaw."+f.What))
	}
	if v.Found > 0 {
		t.print("cli.verify.broken", "N", v.Found, "More", max(0, v.Found-printed), "Links", v.Links, "Rows", v.Rows)
		return errFound{}
	}
	root := hex.EncodeToString(v.Root[:])
	t.print("cli.verify.whole", "Chains", v.Chains, "Links", v.Links, "Rows", v.Rows, "Log", v.Log, "Checkpoints", v.Checkpoints, "Root", root)
	if len(kept) > 0 {
		t.print("cli.verify.kept", "N", len(kept))
	}
	return nil
}

// erased tells what was lawfully taken out: the newest first, then how many.
func (t *terminal) erased(ctx context.Context, db *store.DB, v *store.Verified) {
	if v.Erasures == 0 {
		return
	}
	for _, e := range v.Erased[max(0, len(v.Erased)-printed):] {
		chain := e.Chain
		if inc, err := db.Incident(ctx, e.Chain); err == nil {
			chain = inc.Number
		}
		var what struct {
			Reason string
			Kind   string
			Rows   map[string]int
		}
		if json.Unmarshal(e.What, &what) != nil {
			continue // the link's flaw is told
		}
		said := what.Reason
		if what.Kind != "person" {
			said = t.words.Say(t.lang, "retain.kind."+what.Kind)
		}
		t.print("proof.erased", "Case", chain, "Link", e.Seq, "At", e.At, "By", e.By, "What", said+" ("+t.tallied(what.Rows)+")")
	}
	t.print("cli.verify.erased", "N", v.Erasures, "Blank", v.Blank)
}

// readRoot reads an earlier checkpoint: a file that holds one, what a mail
// says of it, or a root in hex.
func readRoot(s string) (store.KeptRoot, error) {
	if data, err := os.ReadFile(s); err == nil {
		k, err := incident.ParseCheckpoint(string(data))
		if err != nil {
			return store.KeptRoot{}, err
		}
		return store.KeptRoot{Size: k.Size, Root: k.Root[:]}, nil
	}
	size, root, err := incident.ParseShort(s)
	return store.KeptRoot{Size: size, Root: root}, err
}

// isDatabase reports whether a name is that of a database: an address, or a
// file that begins as SQLite's do.
func isDatabase(name string) bool {
	if strings.HasPrefix(name, "postgres://") || strings.HasPrefix(name, "postgresql://") || strings.HasPrefix(name, "sqlite:") {
		return true
	}
	return begins(name, "SQLite format 3\x00")
}

// begins reports whether a file begins with a mark.
func begins(name, mark string) bool {
	f, err := os.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	b := make([]byte, len(mark))
	n, _ := f.Read(b)
	return slices.Equal(b[:n], []byte(mark))
}
