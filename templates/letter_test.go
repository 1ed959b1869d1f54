package templates

import (
	"html"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
)

func loaded(t testing.TB) *Words {
	t.Helper()
	w, err := LoadWords()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func helsinkiZone(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(Zone)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// firstNotice is what can be said in the first night.
func firstNotice(t testing.TB) Notice {
	return Notice{
		Organisation: "Esimerkkipalvelut Oy", Email: "tietosuoja@esimerkki.test", Phone: "+358 00 000 9999", DPO: "Aino Koe",
		Number: "2026-014", N: 1, Controller: "Malliasiakas Oy", Receiver: "Maija Malli", Services: []string{"Ajanvaraus"},
		Said:   "Ulkopuolinen on kirjautunut ajanvarauksen ylläpitoon.\n\nOlemme sulkeneet pääsyn.",
		Nature: NoticeFact{"Luvaton kirjautuminen anastetulla salasanalla.", "known"},
		Data:   NoticeFact{"Nimi, puhelinnumero, varauksen aika.", "assumed"},
		Aware:  NoticeTime{time.Date(2026, 10, 23, 0, 40, 0, 0, time.UTC), "known"},
		At:     time.Date(2026, 10, 23, 1, 5, 0, 0, time.UTC), // 72 hours later summer time is over
		Link:   "https://kello.esimerkki.test/n/salainen", Site: "https://kello.esimerkki.test", Code: "KETTU-417", Signed: "2026-014-v1.json", Checkpoint: "1234-5dc9da79a70659a9ad559cb7", Zone: helsinkiZone(t),
	}
}

// supplement is what is known days later: everything.
func supplement(t testing.TB) Notice {
	n := firstNotice(t)
	n.N, n.Signed, n.Said = 2, "", "Lokit on nyt käyty läpi: tietoja on myös ladattu."
	n.Groups = NoticeFact{"Ajan varanneet asiakkaat.", "known"}
	n.People, n.Records = NoticeCount{1240, 0, "about"}, NoticeCount{3000, 3500, "range"}
	n.Consequences = NoticeFact{"Huijausviestit varauksen tehneille.", "assumed"}
	n.Measures = NoticeFact{"Salasanat on vaihdettu.\nTapahtumista on tehty rikosilmoitus.", "known"}
	n.Advice = NoticeFact{"Varoittakaa asiakkaita huijausviesteistä.", "known"}
	n.From, n.To = NoticeTime{time.Date(2026, 10, 21, 18, 0, 0, 0, time.UTC), "assumed"}, NoticeTime{time.Date(2026, 10, 23, 0, 55, 0, 0, time.UTC), "known"}
	n.At = time.Date(2026, 10, 25, 10, 30, 0, 0, time.UTC)
	n.NextUpdate = time.Date(2026, 10, 30, 10, 0, 0, 0, time.UTC)
	was := firstNotice(t)
	was.People = NoticeCount{800, 0, "about"}
	n.Was = &was
	return n
}

// A supplement says of each fact that changed how it was told before, and of
// none that did not.
func TestSupplementSaysWhatChanged(t *testing.T) {
	w := loaded(t)
	m := w.NoticeMail("en", supplement(t))
	news, _, _ := strings.Cut(m.Text, "WHAT YOU SHOULD DO NOW")
	for _, want := range []string{"Number of data subjects: about 1,240\nBefore: about 800\n", "Number of personal data records: 3,000–3,500\nBefore: not yet known\n",
		"Our advice: Varoittakaa asiakkaita huijausviesteistä. (confirmed)\nBefore: not yet known\n", "Ended: Fri 23 October 2026"} {
		if !strings.Contains(news, want) {
			t.Errorf("the news lack %q:\n%s", want, news)
		}
	}
	for _, same := range []string{"Categories of personal data:", "We became aware:", "Luvaton kirjautuminen"} {
		if strings.Contains(news, same) {
			t.Errorf("the news repeat what has not changed: %q", same)
		}
	}
	n := firstNotice(t)
	n.N = 2
	was := firstNotice(t)
	n.Was = &was
	if m := w.NoticeMail("en", n); !strings.Contains(m.Text, "The facts are as in our previous notice.") {
		t.Errorf("a supplement without changes does not say so:\n%s", m.Text)
	}
	if m := w.NoticeMail("en", firstNotice(t)); strings.Contains(m.Text, "Before:") || strings.Contains(m.Text, "previous notice") {
		t.Error("a first notice speaks of an earlier one")
	}
}

func alarms(t testing.TB) map[string]Alarm {
	a := Alarm{Key: "logged", Number: "2026-014", Records: 1240, At: time.Date(2026, 10, 23, 1, 0, 0, 0, time.UTC),
		Link: "https://kello.esimerkki.test/incidents/1", Sender: "Esimerkkipalvelut Oy", Zone: helsinkiZone(t)}
	near, late, open, failed, stalled := a, a, a, a, a
	near.Key, near.Duty, near.Due, near.Left = "deadline", "gdpr.33.1.own", a.At.Add(2*time.Hour+5*time.Minute), 2*time.Hour+5*time.Minute
	late.Key, late.Duty, late.Due, late.Left = "deadline", "contract.notice", a.At.Add(-30*time.Minute), -30*time.Minute
	open.Key, open.Duty, open.Others = "deadline", "gdpr.33.2", 2
	failed.Key, failed.Duty, failed.Records = "failed", "failed", 1
	stalled.Key = "stalled"
	unanswered := a
	unanswered.Key, unanswered.Records = "unanswered", 2
	return map[string]Alarm{"unanswered": unanswered, "logged": a, "near": near, "late": late, "open": open, "failed": failed, "stalled": stalled}
}

// placeholder finds what a missing text or value leaves behind.
var placeholder = regexp.MustCompile(`\[(mail|duty)\.|<no value>|\{\{|%!`)

func TestNoticeMail(t *testing.T) {
	w := loaded(t)
	for _, lang := range Langs {
		for name, n := range map[string]Notice{"first": firstNotice(t), "supplement": supplement(t)} {
			m := w.NoticeMail(lang, n)
			for _, s := range []string{m.Subject, m.Text, m.HTML} {
				if found := placeholder.FindString(s); found != "" {
					t.Errorf("%s %s: holds %q", lang, name, found)
				}
			}
			golden(t, "notice."+name+"."+lang+".txt", "Subject: "+m.Subject+"\n\n"+m.Text)
			golden(t, "notice."+name+"."+lang+".html", m.HTML)
		}
	}
}

func TestAlarms(t *testing.T) {
	w := loaded(t)
	for _, lang := range Langs {
		var all strings.Builder
		for _, name := range []string{"logged", "near", "late", "open", "failed", "stalled", "unanswered"} {
			a := alarms(t)[name]
			m := w.AlarmMail(lang, a)
			head, rows, open := w.AlarmCard(lang, a)
			all.WriteString("Subject: " + m.Subject + "\n\n" + m.Text + "\nSlack: *" + head + "*\n" + strings.Join(rows, "\n") + "\n[" + open + "]\n\n=====\n\n")
			if found := placeholder.FindString(all.String() + m.HTML); found != "" {
				t.Errorf("%s %s: holds %q", lang, name, found)
			}
		}
		golden(t, "alarms."+lang+".txt", all.String())
	}
}

// The 72 hours are elapsed time: here the clock on the wall goes back an hour
// in between.
func TestNoticeSaysWhenTheWindowEnds(t *testing.T) {
	m := loaded(t).NoticeMail("fi", firstNotice(t))
	for _, want := range []string{"pe 23.10.2026 klo 4.05 (UTC+3)", "ma 26.10.2026 klo 3.05 (UTC+2)"} {
		if !strings.Contains(m.Text, want) || !strings.Contains(html.UnescapeString(m.HTML), want) {
			t.Errorf("does not say %q", want)
		}
	}
}

// A supplement begins with what is new; a first notice says what is not known.
func TestOrderAndBlanks(t *testing.T) {
	w := loaded(t)
	m := w.NoticeMail("fi", supplement(t))
	last := -1
	for _, s := range []string{"Mikä on uutta", "tietoja on myös ladattu", "Mitä teidän pitää", "Mitä tapahtui"} {
		i := strings.Index(strings.ToLower(m.Text), strings.ToLower(s))
		if i <= last {
			t.Errorf("%q stands at %d, after %d expected", s, i, last)
		}
		last = i
	}
	if strings.Contains(strings.ReplaceAll(m.Text, "Aiemmin: ei vielä tiedossa", ""), "ei vielä tiedossa") {
		t.Error("the supplement calls something unknown")
	}
	bare := w.NoticeMail("fi", Notice{Number: "2026-001", N: 1, At: time.Unix(0, 0), Zone: time.UTC})
	if got := strings.Count(bare.Text, "ei vielä tiedossa"); got != 10 {
		t.Errorf("%d things are not yet known, want 10", got)
	}
}

// Whatever people write stays text, and what nobody has vouched for is not
// passed off as known.
func TestNoticeIsInert(t *testing.T) {
	n := supplement(t)
	n.Said = `<script>alert(1)</script> {{.Secret}} <a href="https://evil.test">x</a>`
	n.Measures = NoticeFact{"nobody said how sure", ""}
	n.Link = "javascript:alert(1)"
	m := loaded(t).NoticeMail("en", n)
	for _, bad := range []string{"<script", `href="https://evil`, `href="javascript`} {
		if strings.Contains(m.HTML, bad) {
			t.Errorf("HTML holds %s", bad)
		}
	}
	if strings.Contains(m.Text+m.HTML, "nobody said") {
		t.Error("a fact without certainty is shown as known")
	}
	if regexp.MustCompile(`(?i)<(img|link|script|iframe|style)|url\(|@import|src=`).MatchString(m.HTML) {
		t.Error("HTML loads something")
	}
}

// Every string of a Notice goes into its own mail and into no other: two
// controllers' letters share no marker.
func TestNoticeLeaksNothing(t *testing.T) {
	w := loaded(t)
	marked := func(mark string) (Notice, Mail) {
		n := supplement(t)
		var fill func(v reflect.Value)
		i := 0
		fill = func(v reflect.Value) {
			for f := range v.NumField() {
				switch x := v.Field(f); {
				case x.Kind() == reflect.String && x.CanSet() && v.Type().Field(f).Name != "Sure":
					i++
					x.SetString(mark + string(rune('a'+i)))
				case x.Kind() == reflect.Struct && x.Type().PkgPath() == v.Type().PkgPath():
					fill(x)
				}
			}
		}
		fill(reflect.ValueOf(&n).Elem())
		n.Services = []string{mark + "service"}
		m := w.NoticeMail("sv", n)
		return n, m
	}
	_, a := marked("QXa1")
	_, b := marked("QXb2")
	if !strings.Contains(a.Text, "QXa1") || !strings.Contains(b.HTML, "QXb2service") {
		t.Fatal("the markers are not in their own letters")
	}
	for _, s := range []string{a.Subject, a.Text, a.HTML} {
		if strings.Contains(s, "QXb2") {
			t.Error("b's marker stands in a's letter")
		}
	}
	for _, s := range []string{b.Subject, b.Text, b.HTML} {
		if strings.Contains(s, "QXa1") {
			t.Error("a's marker stands in b's letter")
		}
	}
}

func BenchmarkNoticeMail(b *testing.B) {
	w, n := loaded(b), supplement(b)
	for b.Loop() {
		w.NoticeMail("fi", n)
	}
}

// A short mail without a table of facts has no empty frame where one would be.
func TestLetterWithoutMeta(t *testing.T) {
	short := letter{Lang: "fi", Title: "Otsikko", Lead: []string{"Lause."}}
	if got := short.html(); strings.Contains(got, styleMeta) {
		t.Errorf("a frame stands around nothing:\n%s", got)
	}
	short.Meta = []row{{Label: "Tapaus", Lines: []string{"2026-014"}}}
	if got := short.html(); !strings.Contains(got, styleMeta) {
		t.Errorf("the facts have no frame:\n%s", got)
	}
}
