package web

import (
	"cmp"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"hatakello/incident"
	"hatakello/store"
	"hatakello/templates"
)

// TestFamilies holds that every value that a page puts into words has words.
func TestFamilies(t *testing.T) {
	w, err := templates.LoadWords()
	if err != nil {
		t.Fatal(err)
	}
	want := []string{}
	add := func(family string, values ...string) {
		for _, v := range values {
			want = append(want, family+"."+v)
		}
	}
	add("erase.table", store.TracedTables()...)
	add("erase.subject", incident.ErasedSubjects...)
	add("erase.basis", incident.ErasureBases...)
	add("retain.kind", "person")
	for _, r := range incident.Retentions {
		add("retain.kind", r.Kind)
		add("retain.why", r.Kind)
	}
	for _, r := range incident.Roles {
		add("role", string(r))
		add("role.does", string(r))
	}
	for _, s := range append(stages, incident.Ourselves) {
		add("stage", string(s))
	}
	for f := range fateColour {
		add("fate", string(f))
	}
	for _, m := range incident.Moments {
		add("moment", string(m))
	}
	for _, f := range figures(&incident.Incident{}) {
		add("figure", f.Key)
	}
	for _, s := range steps {
		if s.Key == "reopen" { // a closed case has a sentence of its own
			continue
		}
		add("step."+s.Key, "title", "text", "act", "else")
	}
	for _, b := range blanks(&incident.Incident{}) {
		add("blank", b.Key)
	}
	for _, f := range factFields {
		add("fact", f.name, f.name+".hint")
	}
	for _, f := range recordForms {
		add(f.name, "title")
	}
	for _, k := range []incident.FindingKind{incident.FoundIdentityCode, incident.FoundCard, incident.FoundIBAN, incident.FoundName, incident.FoundBusinessID} {
		add("guard", string(k), string(k)+".doubt")
	}
	for _, f := range factFields {
		add("guard.place", f.name)
	}
	add("guard.place", "text_", "text_fi", "text_sv", "text_en", "services", "subject")
	for _, m := range append(slices.Clone(caseMoments), recordMoments...) {
		add("moment.hint", string(m))
	}
	for _, acts := range append(slices.Collect(maps.Values(clockActs)), doneAct) {
		for _, a := range acts {
			add("clock.act", a.Key)
		}
	}
	for key := range mended {
		want = append(want, key)
	}
	add("ring.about", "logged", "failed", "stalled", "unanswered", "questions")
	add("side.to", sideParts...)
	add("received.kind", "signed", "mail", "text")
	add("received.proof", incident.Vouched, incident.Intact)
	add("request.kind", incident.RequestKinds...)
	add("request.by", "controller", "us")
	add("request.way", "mail", "other")
	add("reply.to", "askers", "told")
	add("reply.state", incident.ProposalWaits, incident.ProposalSent, incident.ProposalDeclined)
	add("guard.place", "head_fi", "head_sv", "head_en")
	add("outcome", "breach", "unclear", "no_breach")
	add("hold.kind", "hold", "hold_ended")
	add("chain", "source", "us", "controllers")
	for _, a := range incident.Authorities {
		add("authority", a.Key)
	}
	add("role", string(incident.Feed))
	add("tier", string(incident.Unlikely), string(incident.Likely), string(incident.High))
	add("certainty", string(incident.Possible), string(incident.Confirmed), string(incident.NotAffected))
	add("part", string(incident.AsProcessor), string(incident.AsController), string(incident.AsSubprocessor), string(incident.AsEntity))
	add("sure", string(incident.Known), string(incident.Assumed), string(incident.Unknown))
	add("filing", "preliminary", "supplementary", "complete", "withdrawal")
	add("decision", "not_notifiable", "no_breach", "hold", "hold_ended")
	add("time", string(incident.LocalUnparsable), string(incident.LocalUnclear), string(incident.LocalYear), string(incident.LocalNoTime),
		string(incident.LocalMissing), string(incident.LocalAmbiguous), string(incident.LocalFuture), string(incident.LocalWeekday), string(incident.LocalSeason))
	add("count", string(incident.CountUnparsable), string(incident.CountAmbiguous), string(incident.CountFraction), string(incident.CountBackwards), string(incident.CountTooLarge))
	for _, code := range []string{"403", "404", "409", "413", "422", "429", "500"} {
		add("fault", code, "text."+code)
	}
	for _, st := range []incident.Standing{incident.NotAsked, incident.Undecided, incident.Waiting, incident.Settled, incident.Reopened, "replaced"} {
		add("standing", string(st))
	}
	for _, step := range askSteps {
		add("ask.step", step.Key)
		for _, q := range step.asks {
			add("ask", q.path)
			for _, p := range q.proof {
				add("ask", p.path)
			}
		}
	}
	for name, all := range misdirectAsks {
		for _, v := range all {
			add("misdirect."+name, cmp.Or(v, "open"))
		}
	}
	add("judge.exempt", "a", "b", "c")
	add("judge.verdict", string(incident.Approved), string(incident.Declined))
	add("judge.said", string(incident.Approved), string(incident.Declined))
	add("look", string(incident.Agree), string(incident.Disagree))
	add("review.kind", "unlikely", "not_notifiable", "no_breach", "inquiry")
	for _, law := range incident.Laws {
		for _, d := range law.Duties {
			add("duty", d.Key+".name", d.Key+".text")
			add("party", string(d.To))
		}
	}
	for _, lang := range templates.Langs {
		add("language", lang, "in."+lang)
		add("notify.words", lang)
		for _, key := range want {
			if !w.Has(lang, key) {
				t.Errorf("%s has no words in %s", key, lang)
			}
		}
	}
}

// TestKeysOfTheDomain holds that every error that the rules may give and every
// line that they write on a timeline has words.
func TestKeysOfTheDomain(t *testing.T) {
	w, err := templates.LoadWords()
	if err != nil {
		t.Fatal(err)
	}
	forms := []struct {
		find   *regexp.Regexp
		prefix string
	}{
		{regexp.MustCompile(`(?:invalid|badCell)\((?:"[^"]*"|\w+), "([a-z_.]+)"`), ""},
		{regexp.MustCompile(`(?:refused|notFound|badFile)\("([a-z_.]+)"`), ""},
		{regexp.MustCompile(`Error\{Kind: \w+, (?:Field: [^,]*, )?Key: "([a-z_.]+[a-z_])"`), ""}, // one that ends in a point goes on with the name of a table
		{regexp.MustCompile(`\.entry\(\S+, [^"]*(?:"", )?"([a-z_]+\.[a-z_]+)"[,)]`), "entry."},
	}
	files, err := filepath.Glob("../incident/*.go")
	if err != nil {
		t.Fatal(err)
	}
	web, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, file := range append(files, web...) {
		if ok, _ := filepath.Match("*_test.go", filepath.Base(file)); ok {
			continue
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range forms {
			for _, m := range f.find.FindAllStringSubmatch(string(data), -1) {
				found++
				if !w.Has("fi", f.prefix+m[1]) {
					t.Errorf("%s: %s has no words", filepath.Base(file), f.prefix+m[1])
				}
			}
		}
	}
	if found < 100 {
		t.Errorf("only %d keys found: the test looks for the wrong thing", found)
	}
}
