package bundle

import (
	"encoding/json"
	"strconv"

	"hatakello/incident"
)

// mails writes every message byte for byte with what was answered to it, and
// the reports that came back.
func (p *packer) mails() error {
	all, err := p.all("delivery", "id", "route", "address", "name", "made")
	if err != nil {
		return err
	}
	receipts, err := p.all("receipt", "delivery", "try", "began", "ended", "ok", "code", "reply", "queue", "server", "tls", "sha256", "report")
	if err != nil {
		return err
	}
	of := map[string][]values{}
	for _, r := range receipts {
		delete(r, "label")
		of[r.S("delivery")] = append(of[r.S("delivery")], r)
	}
	for _, d := range all {
		if err := p.mail(d, of[d.S("id")]); err != nil {
			return err
		}
	}
	return nil
}

// mailEnding is that of a message's file, by its route.
var mailEnding = map[string]string{string(incident.ByMail): ".eml", string(incident.BySlack): ".slack.json", string(incident.ByWebhook): ".webhook.json"}

func (p *packer) mail(d values, receipts []values) error {
	id := d.S("id")
	data, err := p.snap.MailBytes(id)
	if err != nil {
		return err
	}
	name := "mails/" + id
	if data != nil { // else it has not been written yet
		if err := p.data(name+mailEnding[d.S("route")], data); err != nil {
			return err
		}
	}
	for i, r := range receipts {
		hash := r.S("sha256")
		if r.S("report") == "" || hash == "" {
			continue
		}
		report, err := p.snap.FileBytes(hash)
		if err != nil {
			return err
		}
		if report != nil {
			file := name + ".report-" + strconv.Itoa(i+1) + ".eml"
			r["file"] = file
			if err := p.data(file, report); err != nil {
				return err
			}
		}
	}
	delete(d, "label")
	return p.document(name+".receipts.json", map[string]any{"message": d, "attempts": append([]values{}, receipts...)})
}

// handovers writes what was handed to controllers.
func (p *packer) handovers() error {
	all, err := p.all("handover", "id", "n", "bytes")
	for _, h := range all {
		var data []byte
		if data, err = p.snap.HandoverBytes(h.S("id")); err != nil {
			return err
		}
		if err = p.data("handovers/"+h.S("id")+ending(data), data); err != nil {
			return err
		}
	}
	return err
}

// ending is a file's ending, by its first bytes.
func ending(data []byte) string {
	switch {
	case len(data) > 3 && string(data[:4]) == "PK\x03\x04":
		return ".zip"
	case len(data) > 3 && string(data[:4]) == "%PDF":
		return ".pdf"
	}
	return ".bin"
}

// evidence writes the files of the case.
func (p *packer) evidence() error {
	if p.Record != "" {
		return nil
	}
	all, err := p.all("evidence", "id", "sha256", "name")
	for _, x := range all {
		if err == nil {
			err = p.kept("evidence/"+x.S("id")+"/"+incident.FileName(x.S("name")), x.S("label"), x.S("sha256"))
		}
	}
	return err
}

// kept writes a content that is kept under its hash, or says that it is not.
func (p *packer) kept(name, label, hash string) error {
	data, err := p.snap.FileBytes(hash)
	if err != nil {
		return err
	}
	if data == nil {
		p.left = append(p.left, LeftOut{label, hash})
		return nil
	}
	return p.data(name, data)
}

// filed writes what was filed with authorities.
func (p *packer) filed() error {
	if p.Record != "" {
		return nil
	}
	all, err := p.all("filing", "record", "n", "files")
	for _, f := range all {
		for i, x := range filedFiles(f) {
			if err == nil {
				err = p.kept("filed/"+f.S("record")+"-"+number(f["n"])+"/"+strconv.Itoa(i+1)+"-"+incident.FileName(x.Name), f.S("label"), x.SHA256)
			}
		}
	}
	return err
}

func filedFiles(filing values) (files []incident.File) {
	_ = json.Unmarshal([]byte(filing.S("files")), &files) // null where there are none
	return files
}

func number(v any) string {
	n, _ := v.(float64)
	return strconv.Itoa(int(n))
}

// notices writes each notice as a signed document.
func (p *packer) notices() error {
	if p.Key == nil {
		return nil
	}
	all, err := p.all("notice", "id", "record", "n", "lang", "subject", "content", "code", "at", "next_update")
	for _, v := range all {
		if err != nil {
			return err
		}
		n, _ := v["n"].(float64)
		notice := &incident.Notice{ID: v.S("id"), N: int(n), Lang: v.S("lang"), Subject: v.S("subject"), Text: v.S("content"), Code: v.S("code"),
			At: incident.StoredInstant(v.S("at")), NextUpdate: incident.StoredInstant(v.S("next_update"))}
		var data []byte
		if data, err = incident.SignNotice(incident.DocumentOf(p.Org, p.Number, p.names[v.S("record")], notice), p.Key); err == nil {
			err = p.data("notices/"+v.S("id")+".json", data)
		}
	}
	return err
}
