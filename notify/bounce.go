package notify

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"hatakello/incident"
)

// BounceMax is how many bytes of a report are looked at. The status part comes
// before what is returned of the mail, which may be long.
const BounceMax = 1 << 20

// ErrNotReport says that a mail is readable and no report on one of ours: a
// person's answer, advertising, or a report that names no mail.
var ErrNotReport = errors.New("no report on a mail of ours")

// ErrMalformed says that a mail cannot be read.
var ErrMalformed = errors.New("not a readable mail")

// ReadBounce reads what a returned mail says: a delivery status (RFC 3464) in
// any nesting of parts, a bounce in words only, or an automatic answer. Each
// receiver that it names gives one report. The mail of ours is found by its
// envelope id, by the return path to which the report came (to; may be ""), or
// by the Message-ID that is quoted. Nothing is ever answered.
func ReadBounce(raw []byte, to string, at time.Time) ([]incident.Report, error) {
	if len(raw) > BounceMax {
		raw = raw[:BounceMax]
	}
	p, err := readParts(raw)
	if err != nil {
		return nil, err
	}
	p.verp = verpID(to)
	reports := p.statusReports()
	switch {
	case len(reports) > 0:
	case p.daemon():
		reports = p.wordReports()
	case p.automatic():
		reports = p.answerReports()
	}
	sum := sha256.Sum256(raw)
	reports = slices.DeleteFunc(reports, func(r incident.Report) bool { return r.Delivery == "" })
	for i := range reports {
		reports[i].SHA256, reports[i].Raw, reports[i].At = hex.EncodeToString(sum[:]), raw, at
	}
	if len(reports) == 0 {
		return nil, ErrNotReport
	}
	return reports, nil
}

// actions are RFC 3464's words for what became of a mail, and the first digit
// of the status for reports that leave the word out.
var actions = map[string]incident.Verdict{
	"failed": incident.Undelivered, "delayed": incident.Delayed, "delivered": incident.Arrived,
	"relayed": incident.Relayed, "expanded": incident.Expanded,
	"5": incident.Undelivered, "4": incident.Delayed, "2": incident.Arrived,
}

var statusCode = regexp.MustCompile(`^[245]\.\d{1,3}\.\d{1,3}`)

// statusReports reads the machine-readable part.
func (p *parts) statusReports() []incident.Report {
	var all []incident.Report
	server, envelope := "", ""
	for _, g := range p.status {
		if v := g["reporting-mta"]; v != "" {
			server = typed(v)
		}
		if v := g["original-envelope-id"]; v != "" {
			envelope = v
		}
		status := statusCode.FindString(g["status"])
		verdict, ok := actions[strings.ToLower(firstWord(g["action"]))]
		if !ok && status != "" && g["action"] == "" {
			verdict, ok = actions[status[:1]]
		}
		if !ok || len(all) == receiversMax {
			continue
		}
		id := firstToken(envelope, p.verp, p.quotedID())
		all = append(all, incident.Report{Delivery: id, Verdict: verdict, Status: status, Server: server,
			Address: typed(defaultTo(g["original-recipient"], g["final-recipient"])), Reply: typed(g["diagnostic-code"]),
			Print: imprint(id, string(verdict), fmt.Sprint(g))})
	}
	return all
}

// wordReports makes the best of a bounce that is written for people only. It
// is believed because the other error, a controller that is never told, is
// worse; and marked, because words can be misread.
func (p *parts) wordReports() []incident.Report {
	verdict := incident.Undelivered
	if delayWords.MatchString(p.get("Subject") + "\n" + p.text) {
		verdict = incident.Delayed
	}
	id := firstToken(p.verp, p.quotedID(), idIn(messageIDLine, p.text))
	return []incident.Report{{Delivery: id, Verdict: verdict, Doubtful: true, Address: clean(p.get("X-Failed-Recipients")),
		Reply: clean(failureLine(p.text)), Print: imprint(id, string(verdict), p.text)}}
}

// answerReports notes an automatic answer to one of our mails.
func (p *parts) answerReports() []incident.Report {
	id := firstToken(p.verp, idIn(bracketed, p.get("In-Reply-To")), lastID(p.get("References")))
	return []incident.Report{{Delivery: id, Verdict: incident.AutoReply, Reply: clean(p.get("Subject")), Print: imprint(id, p.text)}}
}

var (
	delayWords    = regexp.MustCompile(`(?i)delayed|will be retried|keep trying|still being retried|not yet been delivered|warning: could not send`)
	failureWords  = regexp.MustCompile(`(?im)^.*\b[45]\d\d[ -].*$|^.*\b[45]\.\d{1,3}\.\d{1,3}\b.*$`)
	messageIDLine = regexp.MustCompile(`(?im)^[>| \t]*message-id:\s*<([^<>@\s]{1,128})@`)
	bracketed     = regexp.MustCompile(`<([^<>@\s]{1,128})@`)
)

// failureLine finds the line in which a server's answer is quoted.
func failureLine(text string) string { return failureWords.FindString(text) }

// daemonNames are the local parts under which mail systems speak.
var daemonNames = []string{"mailer-daemon", "postmaster", "mail-daemon", "mmdf", "mailerdaemon"}

// daemon reports whether a mail system speaks, in words only.
func (p *parts) daemon() bool {
	if p.get("X-Failed-Recipients") != "" {
		return true
	}
	from := strings.ToLower(p.get("From"))
	return slices.ContainsFunc(daemonNames, func(name string) bool { return strings.Contains(from, name) })
}

// automatic reports whether a machine answers (RFC 3834 and older habits).
func (p *parts) automatic() bool {
	auto := strings.ToLower(firstWord(p.get("Auto-Submitted")))
	return auto != "" && auto != "no" || p.get("X-Autoreply") != "" || p.get("X-Autorespond") != "" ||
		p.get("X-Auto-Response-Suppress") != "" && p.get("In-Reply-To") != "" || strings.Contains(strings.ToLower(p.get("Precedence")), "auto")
}

// idIn returns the first thing in text that can be an id of ours, or "".
func idIn(re *regexp.Regexp, text string) string {
	for _, m := range re.FindAllStringSubmatch(text, 20) {
		if token(m[1]) {
			return m[1]
		}
	}
	return ""
}

// lastID returns the last id in a field, which names the mail that was
// answered, or "".
func lastID(field string) string {
	i := strings.LastIndexByte(field, '<')
	return idIn(bracketed, field[max(i, 0):])
}

// verpID returns the id in a return path bounce+ID@domain, or "".
func verpID(to string) string {
	local, _, _ := strings.Cut(strings.Trim(to, "<> "), "@")
	_, id, _ := strings.Cut(local, "+")
	return id
}

// firstToken returns the first that can be an id of ours, or "".
func firstToken(ids ...string) string {
	for _, id := range ids {
		if token(id) {
			return id
		}
	}
	return ""
}

// typed drops the type before a field's value, such as "rfc822;".
func typed(v string) string {
	if _, value, ok := strings.Cut(v, ";"); ok {
		v = value
	}
	return clean(v)
}

func firstWord(s string) string {
	word, _, _ := strings.Cut(strings.TrimSpace(s), " ")
	word, _, _ = strings.Cut(word, ";")
	return word
}

// imprint is the same for the same report, whichever way it came.
func imprint(parts ...string) string {
	h := sha256.New()
	for _, s := range parts {
		fmt.Fprintf(h, "%d:%s", len(s), s)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// get returns a field of the mail's own header.
func (p *parts) get(field string) string { return p.head.Get(field) }
