package incident

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Phrase is one version of an approved sentence in the three languages. The
// newest approved version is in force.
type Phrase struct {
	Key        string
	Version    int
	Title      string            // what it is for, for those who choose
	Texts      map[string]string // by language
	Stale      []string          // languages whose words have not followed the others'
	Retired    bool              // no longer to be used
	By         string
	ByID       string
	At         time.Time
	ApprovedBy string // "" until approved
	ApprovedAt time.Time
}

// PhraseUse says which version of a sentence stands in a notice.
type PhraseUse struct {
	Key     string `json:"key"`
	Version int    `json:"version"`
}

// InForce returns the newest approved version of each sentence that has not
// been retired, in the order of their keys.
func InForce(all []*Phrase) []*Phrase {
	var now []*Phrase
	for _, p := range all {
		if p.ApprovedAt.IsZero() {
			continue
		}
		if n := len(now); n > 0 && now[n-1].Key == p.Key {
			now = now[:n-1]
		}
		now = append(now, p)
	}
	return slices.DeleteFunc(now, func(p *Phrase) bool { return p.Retired })
}

// newestPhrase returns the newest version of a sentence, approved or not, or nil.
func newestPhrase(all []*Phrase, key string) *Phrase {
	var last *Phrase
	for _, p := range all {
		if p.Key == key {
			last = p
		}
	}
	return last
}

// phraseMax bounds one text of a sentence, in bytes.
const phraseMax = 4000

// SavePhrase adds a version of a sentence, which is in force once it has been
// approved. A language whose words stay while another's change is stale, unless
// same says that they still fit. Version is the newest that the person saw, 0
// for a new sentence.
func (d *Desk) SavePhrase(ctx context.Context, by Actor, p Phrase, same []string) error {
	if errs := p.check(); len(errs) > 0 {
		return errs
	}
	_, err := d.act(ctx, by, "phrase", "", func(c *Change) error {
		all, err := d.Store.Phrases(ctx)
		if err != nil {
			return err
		}
		was := newestPhrase(all, p.Key)
		if was == nil {
			was = &Phrase{Key: p.Key}
		}
		if was.Version != p.Version {
			return &Error{Kind: Conflict, Key: "form.stale"}
		}
		next := p
		next.Version, next.By, next.ByID, next.At, next.ApprovedBy, next.ApprovedAt = p.Version+1, c.By.Name, c.By.ID, c.At, "", time.Time{}
		next.Stale = staleLangs(was, &next, same)
		if next.equal(was) {
			return nil
		}
		c.Phrases, c.Result = []*Phrase{&next}, next.Key
		c.What = map[string]any{"phrase": next}
		return nil
	})
	return err
}

func (p *Phrase) check() Errors {
	var errs Errors
	if p.Key = strings.ToLower(strings.TrimSpace(p.Key)); !phraseKey.MatchString(p.Key) {
		errs = append(errs, invalid("phrase_key", "phrase.key"))
	}
	if p.Title = strings.TrimSpace(p.Title); p.Title == "" {
		errs = append(errs, invalid("title", "title.empty"))
	}
	texts := map[string]string{}
	for _, lang := range langs {
		texts[lang] = strings.TrimSpace(strings.ReplaceAll(p.Texts[lang], "\r\n", "\n"))
		switch {
		case texts[lang] == "":
			errs = append(errs, &Error{Kind: Invalid, Field: "text_" + lang, Key: "notice.text_empty", Args: map[string]any{"lang": lang}})
		case len(texts[lang]) > phraseMax:
			errs = append(errs, &Error{Kind: Invalid, Field: "text_" + lang, Key: "notice.text_long", Args: map[string]any{"max": phraseMax}})
		}
	}
	p.Texts = texts
	return errs
}

// phraseKey is what a sentence may be called.
var phraseKey = regexp.MustCompile(`^[a-z0-9åäö][a-z0-9åäö._-]{0,59}$`)

// staleLangs are the languages whose words do not follow the others'.
func staleLangs(was, now *Phrase, same []string) []string {
	changed := slices.ContainsFunc(langs, func(l string) bool { return was.Texts[l] != now.Texts[l] })
	var stale []string
	for _, l := range langs {
		kept := was.Texts[l] == now.Texts[l] && (changed || slices.Contains(was.Stale, l))
		if kept && !slices.Contains(same, l) {
			stale = append(stale, l)
		}
	}
	return stale
}

func (p *Phrase) equal(q *Phrase) bool {
	return p.Title == q.Title && maps.Equal(p.Texts, q.Texts) && slices.Equal(p.Stale, q.Stale) && p.Retired == q.Retired
}

// ApprovePhrase puts the newest version of a sentence in force. Where the
// organisation wants four eyes, somebody else than its writer must do so.
func (d *Desk) ApprovePhrase(ctx context.Context, by Actor, key string, version int) error {
	_, err := d.act(ctx, by, "approve", "", func(c *Change) error {
		all, err := d.Store.Phrases(ctx)
		if err != nil {
			return err
		}
		org, err := d.Store.Organisation(ctx)
		if err != nil {
			return err
		}
		p := newestPhrase(all, key)
		switch {
		case p == nil:
			return notFound("phrase.unknown")
		case p.Version != version:
			return &Error{Kind: Conflict, Key: "form.stale"}
		case !p.ApprovedAt.IsZero():
			return nil
		case org.FourEyes && sameUser(by, maker{p.ByID, p.By}):
			return refused("approval.self")
		}
		p.ApprovedBy, p.ApprovedAt = c.By.Name, c.At
		c.Phrases, c.Result = []*Phrase{p}, p.Key
		c.What = map[string]any{"phrase": p.Key, "version": p.Version, "approved": true}
		return nil
	})
	return err
}

// usePhrases finds the approved sentences in the texts of a notice. One whose
// words are stale in the language in which it is used stops the notice.
func (d *Desk) usePhrases(ctx context.Context, b *briefing, records []*Record) error {
	all, err := d.Store.Phrases(ctx)
	if err != nil {
		return err
	}
	b.phrases = map[string][]PhraseUse{}
	var errs Errors
	for _, r := range records {
		if _, done := b.phrases[r.Lang]; done {
			continue
		}
		b.phrases[r.Lang] = nil
		text := oneSpaced(b.in.text(r.Lang))
		for _, p := range InForce(all) {
			used, stale := p.in(text)
			if used {
				b.phrases[r.Lang] = append(b.phrases[r.Lang], PhraseUse{p.Key, p.Version})
			}
			if stale {
				errs = append(errs, &Error{Kind: Invalid, Field: "text_" + r.Lang, Key: "phrase.stale", Args: map[string]any{"title": p.Title}})
			}
		}
	}
	if len(errs) > 0 {
		return errs
	}
	return nil
}

// in reports whether the words of any language stand in a text, and whether
// those that do are stale.
func (p *Phrase) in(text string) (used, stale bool) {
	for lang, words := range p.Texts {
		if words != "" && strings.Contains(text, oneSpaced(words)) {
			used = true
			stale = stale || slices.Contains(p.Stale, lang)
		}
	}
	return used, stale
}

func oneSpaced(s string) string { return strings.Join(strings.Fields(s), " ") }
