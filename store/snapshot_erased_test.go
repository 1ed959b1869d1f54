package store

import (
	"archive/zip"
	"bytes"
	"crypto/ed25519"
	"io"
	"testing"

	"hatakello/incident"
	"hatakello/templates"
	"hatakello/web/bundle"
)

// A bundle of a case from which a person was erased proves itself as any other
// does, and holds no form of the name.
func TestBundleAfterErasing(t *testing.T) {
	words := must[*templates.Words](t)(templates.LoadWords())
	pages := must[*templates.Pages](t)(templates.LoadPages(words))
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte("k"), 32))
	db := open(t, newDatabase(t, "sqlite"))
	id := fillAll(t, db)[0]
	c := change(id)
	c.By = incident.Actor{ID: "u1", Name: person, Roles: incident.Roles, Via: "web"}
	c.Content = []byte(`{"text":"Soitti ` + person + `"}`)
	c.Entries = []*incident.Entry{{ID: newID(), Incident: id, At: noon, By: person, Text: "Puhuttu: " + person}}
	c.SignKeys = []incident.SignKey{{ID: incident.KeyID(key.Public().(ed25519.PublicKey)), Public: key.Public().(ed25519.PublicKey), Since: noon}}
	apply(t, db, c)
	order := bundle.Order{Case: id, Number: "2026-001", Lang: "fi", At: noon, Key: key, Words: words, Pages: pages}
	if !bytes.Contains(unpacked(t, db, order), []byte(person)) {
		t.Fatal("the name does not stand in the bundle before it is erased")
	}
	erasePerson(t, db, false, person)
	must[*incident.Checkpoint](t)(db.Checkpoint(ctx, noon, func(k *incident.Checkpoint) string { return incident.SignCheckpoint("koe/hatakello", k, key) }))
	if step, f := packed(t, db, order).First(); f != nil {
		t.Errorf("after erasing: %+v in %+v", f, step)
	}
	absent(t, "the bundle", unpacked(t, db, order), person)
}

// unpacked is every part of a bundle, one after the other.
func unpacked(t *testing.T, db *DB, o bundle.Order) []byte {
	t.Helper()
	data := archive(t, db, o)
	z := must[*zip.Reader](t)(zip.NewReader(bytes.NewReader(data), int64(len(data))))
	var all []byte
	for _, f := range z.File {
		r := must[io.ReadCloser](t)(f.Open())
		all = append(all, must[[]byte](t)(io.ReadAll(r))...)
	}
	return all
}
