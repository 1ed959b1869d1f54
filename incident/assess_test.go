package incident_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
	"hatakello/incident/risk"
)

var (
	second  = incident.Actor{ID: "u2", Name: "Bo Koe", Roles: []incident.Role{incident.Approver}, Via: "web"}
	handler = incident.Actor{ID: "u3", Name: "Cia Koe", Roles: []incident.Role{incident.Handler}, Via: "web"}
)

// oneLetter is a letter to one wrong, trusted recipient who has sent it back:
// a risk is unlikely.
const oneLetter = `{"breach":["confidentiality"],"data":["name","contact"],"people":{"count":1,"certainty":"exact","vulnerable":false},
	"exposure":{"recipients":"known","recipient_trusted":true,"return_confirmed":true,"exfiltration":"confirmed"},
	"protection":{"encrypted":"no","key":"unknown"},"malicious":false,
	"availability":{"loss":"none","hours":0,"backup":true,"effect":"none"},"evidence":{"deletion_confirmed_by":"Vastaanottaja kirjallisesti"}}`

// stolen is health data in the hands of a thief: a high risk.
const stolen = `{"breach":["confidentiality"],"data":["name","health"],"people":{"count":5000,"certainty":"about","vulnerable":true},
	"exposure":{"recipients":"unknown","exfiltration":"confirmed"},"protection":{"encrypted":"no"},"malicious":true}`

func facts(t *testing.T, text string) risk.Facts {
	t.Helper()
	f, err := risk.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// own logs a case in our own register and returns its record.
func (h *house) own() *incident.Record {
	h.Helper()
	inc := h.log("Oma asiakasrekisteri")
	rs := h.records(inc)
	if len(rs) != 1 {
		h.Fatalf("%d records, want our own alone", len(rs))
	}
	return rs[0]
}

func (h *house) record(id string) *incident.Record {
	h.Helper()
	r, err := h.db.Record(ctx, id)
	h.must(err)
	return r
}

// fourEyes makes the organisation ask for a second person's approval.
func (h *house) fourEyes() {
	h.Helper()
	org, err := h.db.Organisation(ctx)
	h.must(err)
	org.FourEyes = true
	h.must(h.SaveOrganisation(ctx, staff, org))
}

// fields lists which inputs an error is about, with their keys.
func fields(err error) string {
	var es incident.Errors
	if errors.As(err, &es) {
		var all []string
		for _, e := range es {
			all = append(all, e.Field+"="+e.Key)
		}
		return strings.Join(all, " ")
	}
	var e *incident.Error
	if errors.As(err, &e) {
		return e.Key
	}
	return fmt.Sprint(err)
}

func unlikely() incident.Assessment {
	return incident.Assessment{Tier: incident.Unlikely, Reason: "Kirje tuli avaamatta takaisin.", Approver: "Bo Koe"}
}

func TestOnlyOwnAndMandatedRecordsAreOurs(t *testing.T) {
	h := newHouse(t)
	k := h.customer("Koivuranta", "fi", 24, "a@koivuranta.example")
	r := h.records(h.log("Hoivapäivyri"))[0]
	likely := incident.Assessment{Tier: incident.Likely, Reason: "Nimiä."}
	if r.Standing() != incident.NotAsked {
		t.Errorf("standing = %s, want %s", r.Standing(), incident.NotAsked)
	}
	for name, err := range map[string]error{
		"assess": h.Assess(ctx, staff, r.ID, likely),
		"answer": h.Answer(ctx, staff, r.ID, "", facts(t, stolen)),
	} {
		if incident.KindOf(err) != incident.Refused || fields(err) != "assess.not_ours" {
			t.Errorf("%s without a mandate: %v, want a refusal", name, err)
		}
	}
	k.Mandate = incident.Mandate{Scope: "kaikki"}
	if got := fields(h.SaveController(ctx, staff, k)); got != "mandate=mandate.document_empty" {
		t.Errorf("a mandate without its document: %s", got)
	}
	k.Mandate = incident.Mandate{Document: "Sopimus 12/2026, liite 3", Scope: "arviointi ja ilmoitus", Date: start}
	h.must(h.SaveController(ctx, staff, k))
	h.must(h.Assess(ctx, staff, r.ID, likely))
	r = h.record(r.ID)
	if r.Tier != incident.Likely || r.Mandate.Document != k.Mandate.Document || r.Standing() != incident.Settled {
		t.Errorf("with a mandate: tier %q, %+v, %s", r.Tier, r.Mandate, r.Standing())
	}
}

func TestNoticeNeverWaitsForAnAssessment(t *testing.T) {
	h := newHouse(t)
	h.fourEyes()
	h.customer("Koivuranta", "fi", 24, "a@koivuranta.example")
	inc := h.log("Hoivapäivyri", "Oma asiakasrekisteri")
	if sent := h.notify(inc); sent.Notices != 1 || sent.Deliveries != 1 {
		t.Errorf("before any answer: %+v, want one notice on its way", sent)
	}
	for _, r := range h.records(inc) {
		if len(r.Assessed) != 0 || r.Answers != "" {
			t.Errorf("%s: %+v, want nothing assessed", r.Name, r)
		}
	}
}

func TestDecisionKeepsTheProposalBesideIt(t *testing.T) {
	h := newHouse(t)
	r := h.own()
	h.must(h.Answer(ctx, staff, r.ID, "", facts(t, oneLetter)))
	h.must(h.Assess(ctx, staff, r.ID, incident.Assessment{Tier: incident.Unlikely, Reason: "Takaisin.", Approver: "Bo Koe", DPO: "Samaa mieltä.",
		Proposed: incident.High, Rules: "keksitty", By: "Joku Muu", Waits: true}))
	a := h.record(r.ID).Assessed[0]
	if a.Proposed != incident.Unlikely || a.Rules != risk.RulesVersion || !slices.Contains(a.Grounds, "contained") {
		t.Errorf("proposal = %q by %q for %v, want what the rules say and not what was sent", a.Proposed, a.Rules, a.Grounds)
	}
	if a.By != staff.Name || a.ByID != staff.ID || a.Waits || !a.At.Equal(h.now) {
		t.Errorf("decided by %q (%q), waits %v, at %v", a.By, a.ByID, a.Waits, a.At)
	}
	if got := a.Answers(); len(got.Data) != 2 || got.Evidence.DeletionBy == "" {
		t.Errorf("answers = %+v", got)
	}
}

func TestRequiredWords(t *testing.T) {
	tests := []struct {
		name, answers string
		a             incident.Assessment
		want          string
	}{
		{"no tier and no words", "", incident.Assessment{}, "tier=tier.empty reason=reason.empty"},
		{"unlikely without a second person", oneLetter, incident.Assessment{Tier: incident.Unlikely, Reason: "x"}, "approver=approver.unlikely"},
		{"unlikely approved by oneself", oneLetter, incident.Assessment{Tier: incident.Unlikely, Reason: "x", Approver: "aino koe"}, "approver=approver.self"},
		{"unlikely", oneLetter, unlikely(), "<nil>"},
		{"as proposed", `{"breach":["availability"],"availability":{"loss":"permanent","effect":"inconvenience"},"data":["name"],"people":{"count":5,"certainty":"exact","vulnerable":false},"exposure":{"recipients":"none","exfiltration":"excluded"},"protection":{"encrypted":"no"},"malicious":false}`,
			incident.Assessment{Tier: incident.Likely, Reason: "x"}, "<nil>"},
		{"not high although proposed", stolen, incident.Assessment{Tier: incident.Likely, Reason: "x"}, "approver=approver.override"},
		{"not high, with words and a name", stolen, incident.Assessment{Tier: incident.Likely, Reason: "x", Approver: "Bo Koe"}, "<nil>"},
		{"higher than proposed", oneLetter, incident.Assessment{Tier: incident.High, Reason: "x"}, "approver=approver.override"},
		{"borderline", `{}`, incident.Assessment{Tier: incident.Likely, Reason: "x"}, "approver=approver.borderline"},
		{"exempt but not high", oneLetter, incident.Assessment{Tier: incident.Unlikely, Reason: "x", Approver: "Bo", Exempt: incident.Exemption{Ground: "c", Facts: "f"}}, "exempt=exempt.not_high"},
		{"exempt without facts", stolen, incident.Assessment{Tier: incident.High, Reason: "x", Exempt: incident.Exemption{Ground: "c"}}, "exempt_facts=exempt.facts_empty"},
		{"facts of no ground", stolen, incident.Assessment{Tier: incident.High, Reason: "x", Exempt: incident.Exemption{Facts: "f"}}, "exempt=exempt.unknown"},
		{"(a) without key evidence", stolen, incident.Assessment{Tier: incident.High, Reason: "x", Exempt: incident.Exemption{Ground: "a", Facts: "f"}}, "exempt=exempt.evidence"},
		{"(b) without a second person", stolen, incident.Assessment{Tier: incident.High, Reason: "x", Exempt: incident.Exemption{Ground: "b", Facts: "f"}}, "approver=approver.exempt"},
		{"(b)", stolen, incident.Assessment{Tier: incident.High, Reason: "x", Approver: "Bo", Exempt: incident.Exemption{Ground: "b", Facts: "f"}}, "<nil>"},
		{"(c)", stolen, incident.Assessment{Tier: incident.High, Reason: "x", Exempt: incident.Exemption{Ground: "c", Facts: "f"}}, "<nil>"},
		{"answers that nobody understands", "", incident.Assessment{Tier: incident.High, Reason: "x", Facts: []byte(`{"dat":[]}`)}, "dat=answer.bad"},
	}
	h := newHouse(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h.T = t
			h.now = h.now.Add(time.Hour)
			r := h.own()
			if tt.answers != "" {
				h.must(h.Answer(ctx, staff, r.ID, "", facts(t, tt.answers)))
			}
			if got := fields(h.Assess(ctx, staff, r.ID, tt.a)); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestAnswersOnAnOldFormAreRefused(t *testing.T) {
	h := newHouse(t)
	r := h.own()
	none := incident.Fingerprint("")
	h.must(h.Answer(ctx, staff, r.ID, none, facts(t, oneLetter)))
	if err := h.Answer(ctx, handler, r.ID, none, facts(t, stolen)); incident.KindOf(err) != incident.Conflict {
		t.Errorf("answers over others: %v, want a conflict", err)
	}
	if err := h.AssessSeen(ctx, handler, r.ID, none, unlikely()); incident.KindOf(err) != incident.Conflict || fields(err) != "assess.stale" {
		t.Errorf("a decision on other answers: %v, want a conflict", err)
	}
	h.must(h.AssessSeen(ctx, handler, r.ID, incident.Fingerprint(h.record(r.ID).Answers), unlikely()))
}

func TestSharedAnswersAreWhereEveryRecordStarts(t *testing.T) {
	h := newHouse(t)
	r := h.own()
	h.must(h.AnswerShared(ctx, staff, r.Incident, "", facts(t, stolen)))
	inc := h.incident(r.Incident)
	if got := h.record(r.ID).EffectiveAnswers(inc); got != inc.Answers || got == "" {
		t.Errorf("answers of the record = %q, want the shared %q", got, inc.Answers)
	}
	h.must(h.Answer(ctx, staff, r.ID, incident.Fingerprint(inc.Answers), facts(t, oneLetter)))
	if got := h.record(r.ID).EffectiveAnswers(inc); got == inc.Answers {
		t.Error("the record's own answers do not win over the shared ones")
	}
	if err := h.AnswerShared(ctx, staff, r.Incident, "0123", facts(t, oneLetter)); incident.KindOf(err) != incident.Conflict {
		t.Errorf("shared answers on an old form: %v", err)
	}
}
