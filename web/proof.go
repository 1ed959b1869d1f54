package web

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// proof gives a message's exact bytes, what was answered to each attempt, and
// the reports that came back, as one file that stands alone.
func (s *Server) proof(c *gin.Context) error {
	d, err := s.Read.Delivery(c.Request.Context(), c.Param("id"))
	if err != nil {
		return err
	}
	if d.Route != incident.ByMail {
		return unknown(c)
	}
	data, err := s.proofOf(c.Request.Context(), d)
	if err != nil {
		return err
	}
	c.Header("Content-Disposition", fmt.Sprintf(`attachment; filename="%s.zip"`, plain(d.ID)))
	c.Data(http.StatusOK, "application/zip", data)
	return nil
}

// proofOf packs a delivery. The same delivery gives the same bytes.
func (s *Server) proofOf(ctx context.Context, d *incident.Delivery) ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	add := func(name string, at time.Time, data []byte) error {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: at.UTC()})
		if err == nil {
			_, err = w.Write(data)
		}
		return err
	}
	if len(d.Body) > 0 { // else not written yet
		if err := add("message.eml", d.Made, d.Body); err != nil {
			return nil, err
		}
	}
	told := receiptFile{Message: d.ID, To: d.Address, State: string(d.Fate), Made: d.Made, Attempts: []attemptLine{}}
	for i, r := range d.Receipts {
		line := attemptLine{Try: r.Try, Taken: r.OK, Report: string(r.Report), Code: r.Code, Reply: r.Reply, Queue: r.Queue, Server: r.Server,
			TLS: r.TLS, SHA256: r.SHA256, Began: r.Began, Ended: r.Ended}
		if r.Report != "" && r.SHA256 != "" {
			f, err := s.Read.Content(ctx, r.SHA256)
			if incident.KindOf(err) != incident.NotFound && err != nil {
				return nil, err
			}
			if err == nil {
				line.File = fmt.Sprintf("report-%d.eml", i+1)
				if err := add(line.File, r.Ended, f.Bytes); err != nil {
					return nil, err
				}
			}
		}
		told.Attempts = append(told.Attempts, line)
	}
	text, err := json.MarshalIndent(told, "", "  ")
	if err != nil {
		return nil, err
	}
	if err := add("receipt.json", d.Made, append(text, '\n')); err != nil {
		return nil, err
	}
	err = z.Close()
	return b.Bytes(), err
}

// receiptFile is what became of a message, for machines and for a reader with
// patience. Times are in UTC.
type receiptFile struct {
	Message  string        `json:"message_id"` // before the @
	To       string        `json:"to"`
	State    string        `json:"state"`
	Made     time.Time     `json:"made"`
	Attempts []attemptLine `json:"attempts"`
}

// attemptLine is one attempt, or one report that came back later.
type attemptLine struct {
	Try    int       `json:"try"`
	Taken  bool      `json:"accepted"`
	Report string    `json:"report,omitempty"`
	File   string    `json:"report_file,omitempty"`
	Code   int       `json:"code"`
	Reply  string    `json:"reply"`
	Queue  string    `json:"queue_id,omitempty"`
	Server string    `json:"server"`
	TLS    string    `json:"tls,omitempty"` // missing: in clear text, or a report
	SHA256 string    `json:"sha256"`        // of message.eml; of a report, of its file
	Began  time.Time `json:"began"`
	Ended  time.Time `json:"ended"`
}
