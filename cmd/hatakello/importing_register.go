package main

import (
	"context"
	"fmt"
	"time"

	"hatakello/incident"
	"hatakello/web"
)

// ImportRegisterCmd takes an older register of breaches from a CSV or XLSX file.
type ImportRegisterCmd struct {
	database
	File    string `arg:"" help:"${import_register_file}"`
	DryRun  bool   `help:"${dry_run}"`
	Partial bool   `help:"${partial}"`
}

// Run imports the file and tells every row that is wrong, with its line. Times
// without a zone are the organisation's.
func (cmd ImportRegisterCmd) Run(ctx context.Context, t *terminal) error {
	data, err := ImportCustomersCmd{File: cmd.File}.read(t)
	if err != nil {
		return err
	}
	h, err := t.open(ctx, cmd.database)
	if err != nil {
		return err
	}
	defer h.close()
	in, err := web.ReadRegister(data)
	if err != nil {
		return err
	}
	org, err := h.db.Organisation(ctx)
	if err != nil {
		return err
	}
	if in.Zone, err = time.LoadLocation(orHelsinki(org.Zone)); err != nil {
		return fmt.Errorf("read time zone: %w", err)
	}
	in.DryRun, in.Partial = cmd.DryRun, cmd.Partial
	done, err := h.desk.ImportOlder(ctx, operator(), in)
	if err != nil {
		return err
	}
	t.importedRegister(done)
	if len(done.Bad) > 0 {
		return badRows{}
	}
	return nil
}

// orHelsinki is a zone, or where the company is when it has not said.
func orHelsinki(zone string) string {
	if zone == "" {
		return "Europe/Helsinki"
	}
	return zone
}

// importedRegister tells what the import did.
func (t *terminal) importedRegister(in *incident.Imported) {
	t.importedRows(in)
	t.say("cli.import.register", "Rows", in.Rows, "Added", in.Added, "Bad", len(in.Bad))
	t.keptOrNot(in)
}
