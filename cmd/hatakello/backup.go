package main

import (
	"context"
	"os"

	"hatakello/incident"
)

// BackupCmd copies a SQLite database to a file, also beside a running server.
type BackupCmd struct {
	database
	File string `arg:"" help:"${backup_file}"`
}

// Run makes the copy and checks it. An existing file is left alone: the backup
// of yesterday is worth more than a name.
func (cmd BackupCmd) Run(ctx context.Context, t *terminal) error {
	if cmd.postgres() {
		return &incident.Error{Kind: incident.Refused, Field: "db", Key: "cli.backup.postgres"}
	}
	if _, err := os.Lstat(cmd.File); err == nil {
		return &incident.Error{Kind: incident.Refused, Field: "file", Key: "cli.backup.exists", Args: map[string]any{"Value": cmd.File}}
	}
	h, err := t.open(ctx, cmd.database)
	if err != nil {
		return err
	}
	defer h.close()
	if err := h.db.Backup(ctx, cmd.File); err != nil {
		return err
	}
	t.say("cli.backup.done", "File", cmd.File)
	return nil
}
