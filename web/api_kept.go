package web

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

const bytesKind = "application/octet-stream"

// keptRoutes are the API's addresses of what is kept of a case.
func (a *api) keptRoutes() []apiRoute {
	const one = "/incidents/:id"
	return []apiRoute{
		{"GET", one + "/timeline", "read", "", 0, paged("record", "kind", "by", "from", "until", "search"), a.timeline},
		{"POST", one + "/bundle.zip", "bundle", jsonKind, smallLimit, nil, a.bundle},
		{"POST", one + "/notes", "note", jsonKind, smallLimit, nil, a.note},
		{"GET", one + "/evidence", "read", "", 0, paged(), a.evidenceList},
		{"POST", one + "/evidence", "evidence", bytesKind, incident.EvidenceMax, []string{"name", "about", "record", "happened_at"}, a.addEvidence},
		{"GET", one + "/evidence/:evidence", "read", "", 0, nil, a.evidencePiece},
		{"POST", one + "/evidence/:evidence/copies", "take", "", 0, nil, a.takeEvidence},
		{"POST", one + "/evidence/:evidence/handovers", "evidence", jsonKind, smallLimit, nil, a.handEvidence},
	}
}

// noteBody is a line for the timeline.
type noteBody struct {
	Text       string `json:"text"`
	HappenedAt string `json:"happened_at"`
	Record     string `json:"record"`
	Corrects   string `json:"corrects"`
	Why        string `json:"why"`
}

func (a *api) note(c *gin.Context, ask request) error {
	var b noteBody
	return a.actOnCase(c, ask, &b, http.StatusCreated, func(inc *incident.Incident) error {
		in := incident.NewEntry{Incident: inc.ID, Record: b.Record, Text: b.Text, Typed: b.HappenedAt, Corrects: b.Corrects, Why: b.Why}
		var err error
		if in.Happened, err = optionalInstant("happened_at", b.HappenedAt); err != nil {
			return err
		}
		_, err = a.Desk.Enter(c.Request.Context(), ask.by, in)
		return err
	})
}

// bundleBody says what to pack.
type bundleBody struct {
	Language string `json:"language"`
	Record   string `json:"record"`
}

// bundle gives the record of a case, or one controller's view of it, as a zip
// that proves itself.
func (a *api) bundle(c *gin.Context, ask request) error {
	var b bundleBody
	if err := ask.read(&b); err != nil {
		return err
	}
	inc, err := a.find(c)
	if err != nil {
		return err
	}
	if b.Language != "" && !known(b.Language) {
		return incident.Errors{{Kind: incident.Invalid, Field: "language", Key: "lang.unknown"}}
	}
	return a.sendBundle(c, ask.by, inc.ID, b.Record, b.Language)
}

// optionalInstant reads an instant; nothing is the zero time.
func optionalInstant(field, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	return readInstant(field, text)
}

type entryJSON struct {
	ID          string            `json:"id"`
	At          *string           `json:"at"`
	By          string            `json:"by"`
	Record      *string           `json:"record"`
	Key         string            `json:"key"`
	Args        map[string]string `json:"args"`
	Text        string            `json:"text"`
	Kind        string            `json:"kind"`
	HappenedAt  *string           `json:"happened_at"`
	Typed       string            `json:"happened_typed"`
	Corrects    *string           `json:"corrects"`
	CorrectedBy *string           `json:"corrected_by"`
	Why         string            `json:"why"`
	Evidence    *string           `json:"evidence"`
}

func showEntry(e *incident.Entry) entryJSON {
	out := entryJSON{ID: e.ID, At: instant(e.At), By: e.By, Record: orNull(e.Record), Key: e.Key, Args: e.Args, Text: e.Text,
		Kind: string(e.Kind), HappenedAt: instant(e.Happened), Typed: e.Typed, Corrects: orNull(e.Corrects), CorrectedBy: orNull(e.CorrectedBy),
		Why: e.Why, Evidence: orNull(e.Evidence)}
	if e.Kind == incident.ByAct {
		out.Kind = "act"
	}
	if out.Args == nil {
		out.Args = map[string]string{}
	}
	return out
}

// orNull is an id that may be missing.
func orNull(id string) *string {
	if id == "" {
		return nil
	}
	return &id
}

func (a *api) timeline(c *gin.Context, _ request) error {
	inc, page, err := a.findPage(c)
	if err != nil {
		return err
	}
	f := incident.EntryFilter{Record: c.Query("record"), By: c.Query("by"), Search: c.Query("search")}
	if f.Kind, err = choice(c, "kind", entryKinds...); err != nil {
		return err
	}
	if f.From, err = optionalInstant("from", c.Query("from")); err != nil {
		return err
	}
	if f.Until, err = optionalInstant("until", c.Query("until")); err != nil {
		return err
	}
	lines, next, err := a.Read.Timeline(c.Request.Context(), inc.ID, f, page)
	if err != nil {
		return err
	}
	return answerList(a, c, each(lines, showEntry), next)
}

type evidenceJSON struct {
	ID         string  `json:"id"`
	Name       string  `json:"name"`
	About      string  `json:"about"`
	Record     *string `json:"record"`
	SHA256     string  `json:"sha256"`
	Size       int     `json:"size"`
	HappenedAt *string `json:"happened_at"`
	By         string  `json:"by"`
	At         *string `json:"at"`
}

func showEvidence(x *incident.Evidence) evidenceJSON {
	return evidenceJSON{x.ID, x.Name, x.About, orNull(x.Record), x.SHA256, x.Size, instant(x.Happened), x.By, instant(x.At)}
}

func (a *api) evidenceList(c *gin.Context, _ request) error {
	inc, page, err := a.findPage(c)
	if err != nil {
		return err
	}
	all, next, err := a.Read.EvidenceOf(c.Request.Context(), inc.ID, page)
	if err != nil {
		return err
	}
	return answerList(a, c, each(all, showEvidence), next)
}

// addEvidence takes a file, whose bytes are the body.
func (a *api) addEvidence(c *gin.Context, ask request) error {
	inc, err := a.find(c)
	if err != nil {
		return err
	}
	in := incident.NewEvidence{Incident: inc.ID, Record: c.Query("record"), Name: c.Query("name"), About: c.Query("about"),
		Typed: c.Query("happened_at"), Data: ask.body}
	if in.Happened, err = optionalInstant("happened_at", in.Typed); err != nil {
		return err
	}
	x, err := a.Desk.AddEvidence(c.Request.Context(), ask.by, in)
	if err != nil {
		return err
	}
	c.Header("Location", apiBase+"/incidents/"+inc.ID+"/evidence/"+x.ID)
	return a.answer(c, http.StatusCreated, showEvidence(x))
}

func (a *api) evidencePiece(c *gin.Context, _ request) error {
	inc, err := a.find(c)
	if err != nil {
		return err
	}
	x, err := a.Read.Evidence(c.Request.Context(), inc.ID, c.Param("evidence"))
	if err != nil {
		return err
	}
	return a.answer(c, http.StatusOK, showEvidence(x))
}

// takeEvidence gives out the bytes, and writes down who took them.
func (a *api) takeEvidence(c *gin.Context, ask request) error {
	inc, err := a.find(c)
	if err != nil {
		return err
	}
	x, data, err := a.Desk.TakeEvidence(c.Request.Context(), ask.by, inc.ID, c.Param("evidence"))
	if err != nil {
		return err
	}
	sendEvidence(c, x, data)
	return nil
}

// handBody says who was given a file.
type handBody struct {
	To  string `json:"to"`
	Why string `json:"why"`
}

func (a *api) handEvidence(c *gin.Context, ask request) error {
	var b handBody
	if err := ask.read(&b); err != nil {
		return err
	}
	inc, err := a.find(c)
	if err != nil {
		return err
	}
	in := incident.HandOver{Incident: inc.ID, Evidence: c.Param("evidence"), To: b.To, Why: b.Why}
	if err := a.Desk.HandOverEvidence(c.Request.Context(), ask.by, in); err != nil {
		return err
	}
	x, err := a.Read.Evidence(c.Request.Context(), inc.ID, in.Evidence)
	if err != nil {
		return err
	}
	return a.answer(c, http.StatusCreated, showEvidence(x))
}
