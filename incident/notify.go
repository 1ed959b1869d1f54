package incident

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"
)

// textMax is the longest text of a notice, in bytes.
const textMax = 20000

// Notify makes one notice for each controller, in its language and from its
// own record alone, and puts it into the outbox: all of them or none. No
// assessment is needed first (rule 21). Controllers without an address come
// back in Sent and stand on the call sheet. The clocks stop only when a server
// has taken the mail.
func (d *Desk) Notify(ctx context.Context, by Actor, incident string, in Notify) (*Sent, error) {
	sent := &Sent{}
	c, err := d.act(ctx, by, "notify", in.Key, func(c *Change) error {
		*sent = Sent{}
		return d.notify(ctx, c, incident, in, sent)
	})
	if err != nil {
		return nil, err
	}
	return sent, c.recall(sent)
}

func (d *Desk) notify(ctx context.Context, c *Change, id string, in Notify, sent *Sent) error {
	w, err := d.wording(ctx, c.At, id, in)
	if err != nil {
		return err
	}
	c.About = id
	if w.b.org.TwoToSend {
		return d.propose(c, w, sent)
	}
	return d.tell(c, w, sent)
}

// wording is a notice that has passed every check.
type wording struct {
	in      Notify
	b       *briefing
	records []*Record // in the order in which they are told
	x       *inspector
}

// wording checks a notice against the case as it is now.
func (d *Desk) wording(ctx context.Context, now time.Time, id string, in Notify) (*wording, error) {
	inc, err := d.openIncident(ctx, id)
	if err != nil {
		return nil, err
	}
	records, err := d.receivers(ctx, id, in.Records)
	if err != nil {
		return nil, err
	}
	if errs := checkNotify(in, records, now); len(errs) > 0 {
		return nil, errs
	}
	b, err := d.briefing(ctx, inc, records, in)
	if err != nil {
		return nil, err
	}
	if err := d.usePhrases(ctx, b, records); err != nil {
		return nil, err
	}
	x, err := d.inspector(ctx, b.org, in.Cleared)
	if err != nil {
		return nil, err
	}
	x.words(b, records)
	slices.SortStableFunc(records, moreUrgent)
	return &wording{in, b, records, x}, x.errors()
}

// moreUrgent orders records as they are told: the tightest limit of ours
// first, then the highest risk.
func moreUrgent(a, b *Record) int {
	return cmp.Or(a.urgency(farOff).Compare(b.urgency(farOff)), cmp.Compare(tierRank[a.Tier], tierRank[b.Tier]))
}

// farOff stands for no limit.
var farOff = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// tierRank orders the tiers. What has not been assessed counts as a risk.
var tierRank = map[Tier]int{High: 0, Likely: 1, Unassessed: 1, Unlikely: 2}

// tell makes the notices and puts them into the outbox.
func (d *Desk) tell(c *Change, w *wording, sent *Sent) error {
	drafts := make([]draft, 0, len(w.records))
	for _, r := range w.records {
		some, err := d.notifyOne(c, w.b, r, sent)
		if err != nil {
			return err
		}
		drafts = append(drafts, some...)
	}
	if err := d.wordAll(drafts); err != nil {
		return err
	}
	for _, n := range c.Notices {
		w.x.look("subject", n.Subject, "", nil)
	}
	err := w.x.errors()
	if err != nil {
		return err
	}
	id := w.b.incident.ID
	d.clear(c, id, w.x.passed)
	if c.Result, err = memo(sent); err != nil {
		return err
	}
	d.entry(c, id, "", "case.notified", "n", itoa(sent.Notices), "without", itoa(len(sent.Unreachable)))
	c.What = map[string]any{"texts": w.in.Texts, "next_update": w.in.NextUpdate, "notices": noticeDigests(c.Notices), "cleared": w.x.passed}
	return nil
}

// clear records of what a person said that it is not what it looks like.
func (d *Desk) clear(c *Change, incident string, passed []Flag) {
	for _, f := range passed {
		d.entry(c, incident, f.Record, "notice.cleared", "shown", f.Shown)
	}
}

// receivers loads the records to be told: those named, which must belong to
// the case, or all that are open. Nobody tells the own company.
func (d *Desk) receivers(ctx context.Context, incident string, ids []string) ([]*Record, error) {
	all, err := d.Store.Records(ctx, incident, ids)
	if err != nil {
		return nil, err
	}
	if ids != nil && len(all) != len(ids) {
		return nil, notFound("record.unknown")
	}
	var rs []*Record
	for _, r := range all {
		if r.Open() && r.Part != AsController {
			rs = append(rs, r)
		}
	}
	if len(rs) == 0 {
		return nil, refused("notice.nobody")
	}
	return rs, nil
}

func checkNotify(in Notify, records []*Record, now time.Time) Errors {
	var errs Errors
	missing := map[string]bool{}
	for _, r := range records {
		if in.text(r.Lang) == "" && !missing[r.Lang] {
			missing[r.Lang] = true
			errs = append(errs, &Error{Kind: Invalid, Field: "text_" + r.Lang, Key: "notice.text_empty", Args: map[string]any{"lang": r.Lang}})
		}
	}
	for lang, text := range in.Texts {
		if len(text) > textMax {
			errs = append(errs, &Error{Kind: Invalid, Field: "text_" + lang, Key: "notice.text_long", Args: map[string]any{"max": textMax}})
		}
	}
	if !in.NextUpdate.IsZero() && in.NextUpdate.Before(now) {
		errs = append(errs, invalid("next_update", "time.past"))
	}
	return errs
}

// text returns the words for a language.
func (n Notify) text(lang string) string {
	if t := strings.TrimSpace(n.Texts[lang]); t != "" {
		return t
	}
	return strings.TrimSpace(n.Texts[""])
}

// notifyOne makes one record's notice and its first deliveries, still to be
// composed.
func (d *Desk) notifyOne(c *Change, b *briefing, r *Record, sent *Sent) ([]draft, error) {
	before := r.tally()
	r.Notices++
	n := &Notice{ID: d.NewID(), Incident: r.Incident, Record: r.ID, N: r.Notices, Lang: r.Lang, Said: b.in.text(r.Lang),
		NextUpdate: b.in.NextUpdate, Code: d.NewCode(), At: c.At, By: c.By.Name, Facts: b.stated(r), Was: b.last[r.ID],
		Phrases: b.phrases[r.Lang]}
	c.Notices = append(c.Notices, n)
	sent.Notices++
	var drs []draft
	if i := firstAddress(b.controllers[r.Controller], nil); i < 0 {
		sent.Unreachable = append(sent.Unreachable, r.ID)
		r.fail(c.At)
		drs = []draft{{b.view(r, n, Contact{}), n, nil}}
		d.entry(c, r.Incident, r.ID, "notice.no_address", "name", r.Name)
	} else {
		drs = append([]draft{d.address(c, b, r, n, i)}, d.beside(c, b, r, n, i)...)
		sent.Deliveries += len(drs)
		for _, dr := range drs {
			dr.dl.Unwritten = dr.view.unwritten()
		}
		if r.Stage == Untold || r.Stage == Failed {
			r.Stage, r.Call = Queued, time.Time{}
		}
	}
	if err := d.tellMachines(c, b, r, n); err != nil {
		return nil, err
	}
	d.keep(c, r, before)
	return drs, nil
}

// fail marks that nobody could be reached by mail, unless the controller had
// been told already. Somebody must phone in either case.
func (r *Record) fail(now time.Time) {
	r.toCall(now)
	if r.Stage == Untold || r.Stage == Queued {
		r.Stage = Failed
	}
}

// HashSecret is how a link's secret is kept: SHA-256, hex.
func HashSecret(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
