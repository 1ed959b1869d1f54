package incident

import (
	"context"
	"slices"
	"strings"
)

// stemLength is how many letters of a word count when questions are compared:
// the endings of Finnish and Swedish words come after them.
const stemLength = 6

// alikeShare is the least share of words that two questions must have in
// common to be suggested as one; alikeLeast is how many.
const (
	alikeShare = 0.5
	alikeLeast = 2
)

// fillers are words that say nothing about what is asked.
var fillers = func() map[string]bool {
	all := map[string]bool{}
	for _, w := range strings.Fields(`onko ovat oliko ovatko olivat mikä mitä missä milloin miten kuka ketkä että ja tai sekä meidän teidän tämä tässä
		olemme voitteko voiko saisimme kiitos hei terve är var vad när hur vem vilka som och eller att det den de vi ni vår våra er era hej tack
		kan har is are was were what when how who which that and or the a an our your of to in on for have has had be been do does did can could
		please hello thanks`) {
		all[stem(w)] = true
	}
	return all
}()

// stem cuts a word to the letters that count.
func stem(word string) string {
	if runes := []rune(word); len(runes) > stemLength {
		return string(runes[:stemLength])
	}
	return word
}

// stems is the set of words of a question that count.
func stems(text string) map[string]bool {
	all := map[string]bool{}
	for _, w := range nameWords(text) {
		if s := stem(w); len([]rune(w)) > 1 && !fillers[s] {
			all[s] = true
		}
	}
	return all
}

// Alike reports whether two questions seem to ask the same, by their words
// alone. It is a suggestion: a person decides.
func Alike(a, b string) bool {
	x, y := stems(a), stems(b)
	both := 0
	for w := range x {
		if y[w] {
			both++
		}
	}
	least := min(alikeLeast, len(x), len(y))
	return both >= max(least, 1) && float64(both) >= alikeShare*float64(min(len(x), len(y)))
}

// Topic is open questions that are answered together, with those of other
// topics that seem to ask the same.
type Topic struct {
	ID        string
	Questions []*Question
	Alike     []*Topic // suggestions only
}

// Topics gathers questions by topic, in the order of their first questions, and
// suggests which topics seem to be the same.
func Topics(questions []*Question) []*Topic {
	var all []*Topic
	by := map[string]*Topic{}
	for _, q := range questions {
		t := by[q.Topic]
		if t == nil {
			t = &Topic{ID: q.Topic}
			by[q.Topic], all = t, append(all, t)
		}
		t.Questions = append(t.Questions, q)
	}
	for i, a := range all {
		for _, b := range all[i+1:] {
			if a.Questions[0].Lang == b.Questions[0].Lang && Alike(a.Questions[0].Text, b.Questions[0].Text) {
				a.Alike = append(a.Alike, b)
			}
		}
	}
	return all
}

// Gather makes open questions of one case one topic. Whole topics come along,
// so that nothing that was gathered before falls apart.
func (d *Desk) Gather(ctx context.Context, by Actor, incident string, ids []string) error {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	if len(ids) < 2 {
		return Errors{invalid("questions", "question.alone")}
	}
	_, err := d.act(ctx, by, "answer", "", func(c *Change) error {
		named, err := d.openQuestions(ctx, incident, ids)
		if err != nil {
			return err
		}
		topics := map[string]bool{}
		for _, q := range named {
			topics[q.Topic] = true
		}
		all, err := d.Store.OpenQuestions(ctx, incident, openMost)
		if err != nil {
			return err
		}
		var moved []string
		for _, q := range all {
			if topics[q.Topic] && q.Topic != named[0].Topic {
				q.Topic = named[0].Topic
				c.Questions, moved = append(c.Questions, q), append(moved, q.ID)
			}
		}
		if len(moved) == 0 {
			return nil
		}
		c.About, c.Result = incident, named[0].Topic
		c.What = map[string]any{"gathered": moved, "topic": named[0].Topic}
		return nil
	})
	return err
}

// Part takes a question out of its topic again.
func (d *Desk) Part(ctx context.Context, by Actor, id string) error {
	_, err := d.act(ctx, by, "answer", "", func(c *Change) error {
		q, err := d.Store.Question(ctx, id)
		if err != nil {
			return err
		}
		all, err := d.Store.OpenQuestions(ctx, q.Incident, openMost)
		if err != nil {
			return err
		}
		rest := slices.DeleteFunc(all, func(o *Question) bool { return o.Topic != q.Topic || o.ID == q.ID })
		if !q.Open() || len(rest) == 0 {
			return nil
		}
		if q.Topic == q.ID { // the others keep together under the next of them
			for _, o := range rest {
				o.Topic = rest[0].ID
			}
			c.Questions = rest
		} else {
			q.Topic = q.ID
			c.Questions = []*Question{q}
		}
		c.About, c.Result = q.Incident, q.ID
		c.What = map[string]any{"parted": q.ID}
		return nil
	})
	return err
}

// openMost is how many open questions of one case are looked through.
const openMost = 2000

// openQuestions loads questions of a case, all of which must wait for an answer.
func (d *Desk) openQuestions(ctx context.Context, incident string, ids []string) ([]*Question, error) {
	all, err := d.Store.QuestionsIn(ctx, incident, ids)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 || len(all) != len(ids) {
		return nil, notFound("question.unknown")
	}
	for _, q := range all {
		if !q.Open() {
			return nil, refused("question.answered")
		}
	}
	return all, nil
}
