package main

import (
	"regexp"
	"slices"
	"testing"
	"time"
)

func TestIDsSortByTime(t *testing.T) {
	now := time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC)
	m := &ids{now: func() time.Time { return now }}
	var all []string
	for i := range 300 {
		all = append(all, m.next())
		if i%3 == 0 {
			now = now.Add(time.Millisecond)
		}
	}
	now = now.Add(-time.Hour) // the clock is set back
	all = append(all, m.next())
	if !slices.IsSorted(all) {
		t.Error("ids do not sort in the order of making")
	}
	if n := len(slices.Compact(slices.Clone(all))); n != len(all) {
		t.Errorf("%d different ids, want %d", n, len(all))
	}
	if len(all[0]) != 26 || all[0][:10] == all[100][:10] {
		t.Errorf("ids %q and %q, want 26 characters with the time first", all[0], all[100])
	}
}

func TestCodesAndSecrets(t *testing.T) {
	shape := regexp.MustCompile(`^[A-Z]+-\d{4}-[A-Z]\d$`)
	seen := map[string]bool{}
	for range 200 {
		c, s := newCode(), newSecret()
		if !shape.MatchString(c) {
			t.Errorf("code %q is not of the shape WORD-1234-A1", c)
		}
		if len(s) != 43 || seen[s] {
			t.Errorf("secret %q, want 43 characters never seen before", s)
		}
		seen[s] = true
	}
}
