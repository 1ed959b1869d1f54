package store

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"hatakello/incident"
)

// customers makes a register of services s0 and s1, an own register, and
// controllers k0 … of which the even ones use s0 and all use s1.
func customers(n int) *incident.Change {
	c := change("")
	c.Register.Services = []*incident.Service{{ID: "s0", Name: "Ajanvaraus"}, {ID: "s1", Name: "Palkat"}, {ID: "own0", Name: "Ääniarkisto", Own: true}}
	for i := range n {
		k := &incident.Controller{ID: fmt.Sprintf("k%d", i), Name: fmt.Sprintf("Äiti %05d Oy", i), BusinessID: fmt.Sprintf("%07d-1", i), Lang: "fi", Hours: 24,
			Contacts: []incident.Contact{{Name: "Aino", Email: fmt.Sprintf("a%d@example.fi", i), Phone: "040"}, {Name: "Bo", Email: fmt.Sprintf("b%d@example.fi", i)}},
			Uses:     []incident.Use{{Service: "s1", Tenant: fmt.Sprintf("t%d", i)}, {Service: "s1", Tenant: fmt.Sprintf("u%d", i)}}}
		if i%2 == 0 {
			k.Uses = append(k.Uses, incident.Use{Service: "s0"})
		}
		c.Register.Controllers = append(c.Register.Controllers, k)
	}
	return c
}

func TestRegister(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		c := customers(100)
		apply(t, db, c)
		users := func() (all []int) {
			for _, s := range must[[]*incident.Service](t)(db.Services(ctx)) {
				all = append(all, s.Users)
			}
			return all
		}
		if got, want := users(), []int{50, 100, 0}; !slices.Equal(got, want) {
			t.Errorf("users of Ajanvaraus, Palkat, Ääniarkisto = %v, want %v", got, want)
		}
		got := must[[]*incident.Controller](t)(db.Controllers(ctx, []string{"k7", "k6", "nobody", "k7"}))
		if want := c.Register.Controllers[6:8]; !reflect.DeepEqual(got, want) {
			t.Errorf("Controllers = %+v, want %+v", got, want)
		}
		k := *got[0]
		k.Name, k.Uses, k.Contacts = "Uusi nimi", k.Uses[:1], k.Contacts[1:]
		up := change("")
		up.Register.Controllers = []*incident.Controller{&k}
		up.Register.Services = []*incident.Service{{ID: "s0", Name: "Varaus"}}
		apply(t, db, up)
		if got := must[[]*incident.Controller](t)(db.Controllers(ctx, []string{"k6"})); !reflect.DeepEqual(got[0], &k) || k.Version != 2 {
			t.Errorf("changed controller = %+v, want %+v", got[0], &k)
		}
		if got, want := users(), []int{100, 49, 0}; !slices.Equal(got, want) { // Palkat, Varaus, Ääniarkisto
			t.Errorf("users = %v, want %v", got, want)
		}
		k.Version = 1
		if err := db.Apply(ctx, up); !errors.Is(err, incident.ErrStale) {
			t.Errorf("an old version: %v, want ErrStale", err)
		}
		k.Version = 0
		if err := db.Apply(ctx, up); !errors.Is(err, incident.ErrStale) {
			t.Errorf("a new controller with a taken id: %v, want ErrStale", err)
		}
	})
}

func TestAffected(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		c := customers(10)
		c.Setting = &incident.Organisation{Name: "Koe Oy"}
		apply(t, db, c)
		for _, tt := range []struct {
			services []string
			want     int
			own      bool
		}{{[]string{"s0"}, 5, false}, {[]string{"s0", "s1", "s1"}, 10, false}, {[]string{"own0"}, 1, true}, {[]string{"own0", "s0"}, 6, true}, {nil, 0, false}} {
			got := must[[]*incident.Controller](t)(db.Affected(ctx, tt.services))
			own := slices.ContainsFunc(got, func(k *incident.Controller) bool { return k.ID == incident.Own && k.Name == "Koe Oy" })
			if len(got) != tt.want || own != tt.own {
				t.Errorf("Affected(%v) = %d, own %v; want %d, %v", tt.services, len(got), own, tt.want, tt.own)
			}
		}
		if got := must[[]*incident.Controller](t)(db.Affected(ctx, []string{"s0"})); !reflect.DeepEqual(got[1], c.Register.Controllers[2]) {
			t.Errorf("Affected[1] = %+v, want %+v", got[1], c.Register.Controllers[2])
		}
	})
}

func TestMatch(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		c := customers(4)
		c.Register.Controllers[3].Name = "ÄITI 00002 oy" // a namesake
		c.Register.Controllers[1].Uses[0].Tenant = "T-1"
		apply(t, db, c)
		got := must[map[string][]string](t)(db.Match(ctx, []string{"t0", "T-1", "t-1", "äiti  00002 OY", "aiti 00000 oy", "0000002-1", "k1", "", "nobody"}))
		want := map[string][]string{"t0": {"k0"}, "T-1": {"k1"}, "äiti  00002 OY": {"k2", "k3"}, "0000002-1": {"k2"}, "k1": {"k1"}}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("Match = %v\nwant %v", got, want)
		}
	})
}

func TestCustomers(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		c := customers(30)
		c.Register.Controllers[0].Name = "Äiti 00029 Oy" // the same name twice
		c.Register.Controllers = append(c.Register.Controllers, &incident.Controller{ID: incident.Own, Name: "Koe Oy", Lang: "fi"})
		apply(t, db, c)
		read := func(search string) (ids []string) {
			for cut := (incident.Cut{Limit: 7}); ; {
				page, next, err := db.Customers(ctx, search, cut)
				if err != nil {
					t.Fatal(err)
				}
				for _, k := range page {
					ids = append(ids, k.ID)
				}
				if cut.After = next; next == "" {
					return ids
				}
			}
		}
		all := read("")
		if len(all) != 30 || len(unique(all)) != 30 || all[0] != "k1" || all[28] != "k0" || all[29] != "k29" {
			t.Errorf("Customers = %v", all)
		}
		for search, want := range map[string]int{"ÄITI 0001": 10, "0000007-": 1, "aiti": 0, "koe": 0} {
			if got := read(search); len(got) != want {
				t.Errorf("Customers(%q) = %v, want %d", search, got, want)
			}
		}
	})
}

func TestImportIsQuick(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		begun := time.Now()
		apply(t, db, customers(3000))
		if took := time.Since(begun); took > 5*time.Second {
			t.Errorf("3000 customers took %v", took)
		} else {
			t.Logf("3000 customers took %v", took)
		}
	})
}

func TestStaff(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		c := change("")
		anna := &incident.User{ID: "u1", Login: "anna@example.fi", Name: "Anna", Roles: []incident.Role{incident.Handler, incident.Admin}, Lang: "fi", Password: "$argon2id$", Made: noon, Slack: "U1"}
		bo := &incident.User{ID: "u2", Login: "bo@example.fi", Name: "Bo", Roles: []incident.Role{incident.Auditor}, Lang: "sv", Made: noon}
		tok := &incident.Token{ID: "t1", Name: "ci", Role: incident.Reporter, Hash: "abc", Made: noon}
		c.Users, c.Tokens = []*incident.User{bo, anna}, []*incident.Token{tok}
		apply(t, db, c)
		anna.Disabled, tok.Revoked = true, noon.Add(time.Hour)
		apply(t, db, c)
		for _, load := range []func() (*incident.User, error){
			func() (*incident.User, error) { return db.User(ctx, "u1") },
			func() (*incident.User, error) { return db.UserByLogin(ctx, "ANNA@example.fi") },
			func() (*incident.User, error) { return db.UserBySlack(ctx, "U1") },
		} {
			if got := must[*incident.User](t)(load()); !reflect.DeepEqual(got, anna) {
				t.Errorf("user = %+v, want %+v", got, anna)
			}
		}
		if got := must[[]*incident.User](t)(db.Users(ctx)); len(got) != 2 || got[0].ID != "u1" {
			t.Errorf("Users = %v", got)
		}
		if got := must[*incident.Token](t)(db.TokenByHash(ctx, "abc")); !reflect.DeepEqual(got, tok) {
			t.Errorf("token = %+v, want %+v", got, tok)
		}
		if got := must[[]*incident.Token](t)(db.Tokens(ctx)); len(got) != 1 {
			t.Errorf("Tokens = %v", got)
		}
		thief := change("")
		thief.Users = []*incident.User{{ID: "u3", Login: "Anna@Example.fi", Made: noon}}
		if err := db.Apply(ctx, thief); incident.KindOf(err) != incident.Conflict {
			t.Errorf("a login that is taken: %v, want a conflict", err)
		}
		thief.Users = []*incident.User{{ID: "u3", Login: "muu@example.fi", Made: noon, Slack: "U1"}}
		if err := db.Apply(ctx, thief); incident.KindOf(err) != incident.Conflict {
			t.Errorf("a member of Slack that is taken: %v, want a conflict", err)
		}
		if u, err := db.UserBySlack(ctx, ""); incident.KindOf(err) != incident.NotFound {
			t.Errorf("nobody's id found %+v, %v", u, err) // Bo has none either
		}
	})
}
