package web

import (
	"encoding/base64"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// filingJSON is a report that a person has made to an authority.
type filingJSON struct {
	Kind       string     `json:"kind"`
	At         *string    `json:"at"`
	Channel    string     `json:"channel"`
	Reference  string     `json:"reference"`
	LateReason string     `json:"late_reason"`
	Receipt    string     `json:"receipt"`
	Promised   *string    `json:"promised_at"`
	Due        *string    `json:"due"`
	Late       bool       `json:"late"`
	Files      []fileJSON `json:"files"`
	By         string     `json:"by"`
	Made       *string    `json:"recorded_at"`
}

// fileJSON names a file that was frozen with a filing.
type fileJSON struct {
	Role     string  `json:"role"`
	Name     string  `json:"name"`
	SHA256   string  `json:"sha256"`
	Size     int     `json:"size"`
	MIME     string  `json:"media_type"`
	Language string  `json:"language"`
	Made     *string `json:"made_at"`
}

func showFiling(f incident.Filing) filingJSON {
	return filingJSON{f.Kind, instant(f.At), f.Channel, f.Reference, f.LateReason, f.Receipt, instant(f.Promised), instant(f.Due), f.Late(),
		each(f.Files, func(x incident.File) fileJSON {
			return fileJSON{string(x.Role), x.Name, x.SHA256, x.Size, x.MIME, x.Lang, instant(x.Made)}
		}), f.By, instant(f.Made)}
}

// fileBody is a report that was made to the authority.
type fileBody struct {
	Kind       string        `json:"kind"`
	At         string        `json:"at"`
	Channel    string        `json:"channel"`
	Reference  string        `json:"reference"`
	LateReason string        `json:"late_reason"`
	Promised   string        `json:"promised_at"`
	Language   string        `json:"language"`
	Files      []newFileBody `json:"files"`
}

// newFileBody is a file that comes with a filing.
type newFileBody struct {
	Role    string `json:"role"`
	Name    string `json:"name"`
	Content string `json:"content"`
}

// file records a filing; the program's report is frozen with it as it stands.
func (a *api) file(c *gin.Context, ask request) error {
	var b fileBody
	if err := ask.read(&b); err != nil {
		return err
	}
	if b.Language != "" && !known(b.Language) {
		return apiInvalid("language", "api.choice", "text", clipped(b.Language), "known", "fi, sv, en")
	}
	r, err := a.findRecord(c)
	if err != nil {
		return err
	}
	f := incident.Filing{Kind: b.Kind, Channel: b.Channel, Reference: b.Reference, LateReason: b.LateReason}
	if f.At, err = readInstant("at", b.At); err != nil {
		return err
	}
	if f.Promised, err = readInstant("promised_at", b.Promised); err != nil {
		return err
	}
	if f.Files, err = readFiles(b.Files); err != nil {
		return err
	}
	done, err := a.slot(c.Request.Context())
	if err != nil {
		return err
	}
	defer done()
	if err := a.freezeReport(c, r, &f, b.Language); err != nil {
		return err
	}
	return a.actAndShow(c, r.ID, func(id string) error { return a.Desk.Report(c.Request.Context(), ask.by, id, f) })
}

// readFiles takes files out of a body. The report is the program's own.
func readFiles(in []newFileBody) ([]incident.File, error) {
	var files []incident.File
	for _, x := range in {
		data, err := base64.StdEncoding.DecodeString(x.Content)
		if err != nil {
			return nil, apiInvalid("files", "api.encoding", "name", clipped(x.Name))
		}
		role := incident.FileRole(x.Role)
		if role == incident.FrozenReport {
			role = "" // is refused as unknown
		}
		files = append(files, incident.File{Role: role, Name: x.Name, MIME: fileKind(data), Bytes: data})
	}
	return files, nil
}

// filed hands out a file that was frozen with a filing.
func (a *api) filed(c *gin.Context, _ request) error {
	r, err := a.findRecord(c)
	if err != nil {
		return err
	}
	return a.sendFile(c, r, c.Param("hash"))
}

// holdBody forbids telling people for a while, or ends that.
type holdBody struct {
	Kind      string `json:"kind"`
	Authority string `json:"authority"`
	Basis     string `json:"basis"`
	From      string `json:"from"`
	Until     string `json:"until"`
	DPO       string `json:"dpo"`
}

func (a *api) hold(c *gin.Context, ask request) error {
	var b holdBody
	return a.actOnRecord(c, ask, &b, func(id string) error {
		from, err := readInstant("from", b.From)
		if err != nil {
			return err
		}
		until, err := readInstant("until", b.Until)
		if err != nil {
			return err
		}
		return a.Desk.Hold(c.Request.Context(), ask.by, id, incident.Decision{Kind: b.Kind, Authority: b.Authority, Reason: b.Basis, DPO: b.DPO, From: from, Until: until})
	})
}
