package web

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"hatakello/incident"
)

// TestCheckpointIsPublished asks for the newest checkpoint and for the proof
// that it goes on where an earlier one ended.
func TestCheckpointIsPublished(t *testing.T) {
	h := newHouse(t)
	by := incident.Actor{ID: "u", Name: "Aino", Roles: []incident.Role{incident.Privacy}}
	get := func(path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		h.s.Handler().ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		return w
	}
	if w := get("/.well-known/hatakello-checkpoint"); w.Code != http.StatusNotFound {
		t.Errorf("before the first: %d, want 404", w.Code)
	}
	sign := func(k *incident.Checkpoint) string { return incident.SignCheckpoint("koe.example", k, nil) }
	var all []*incident.Checkpoint
	for _, name := range []string{"Yksi", "Kaksi"} {
		if _, err := h.desk.Log(context.Background(), by, incident.Log{Title: name, Aware: h.time().Add(-time.Minute)}); err != nil {
			t.Fatal(err)
		}
		k, err := h.db.Checkpoint(context.Background(), h.time(), sign)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, k)
	}
	w := get("/.well-known/hatakello-checkpoint")
	if w.Code != http.StatusOK || w.Body.String() != all[1].Note {
		t.Errorf("checkpoint: %d, %q; want %q", w.Code, w.Body, all[1].Note)
	}
	w = get("/.well-known/hatakello-consistency?from=" + strconv.FormatUint(all[0].Size, 10))
	var said struct {
		From, To uint64
		Proof    []string
	}
	if err := json.Unmarshal(w.Body.Bytes(), &said); err != nil || said.To != all[1].Size {
		t.Fatalf("consistency: %d, %s", w.Code, w.Body)
	}
	var proof []incident.Digest
	for _, p := range said.Proof {
		b, _ := base64.StdEncoding.DecodeString(p)
		proof = append(proof, incident.Digest(b))
	}
	if !incident.Consistent(said.From, said.To, all[0].Root, all[1].Root, proof) {
		t.Errorf("the proof does not hold: %s", w.Body)
	}
	for _, from := range []string{"", "x", "99999999", "-1"} {
		if w := get("/.well-known/hatakello-consistency?from=" + from); w.Code != http.StatusNotFound {
			t.Errorf("from %q: %d, want 404", from, w.Code)
		}
	}
}
