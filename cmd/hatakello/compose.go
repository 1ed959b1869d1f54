package main

import (
	"crypto/ed25519"
	"fmt"
	"net/mail"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"hatakello/incident"
	"hatakello/notify"
	"hatakello/templates"
)

// composer words what leaves the building: the Desk says what is known,
// templates say it in a language, and notify freezes the bytes.
type composer struct {
	words *templates.Words
	from  mail.Address       // sender of every mail; "" until one is set
	site  string             // address of the site, without a slash at its end
	keys  []notify.Key       // that sign every mail; none is unsigned
	seal  *notify.Seal       // signs every mail below the keys (S/MIME); nil is none
	sign  ed25519.PrivateKey // that signs the notice itself; nil: no signed file goes with it
	heard bool               // clicks in the chat come back to us
}

// nobody stands for the sender while no mail server is set: the mails are
// composed all the same, and can be read and phoned.
const nobody = "hatakello@localhost"

// notice composes the notice that v is about, for one receiver. A receiver
// whose address is no use gets no bytes: the attempt then fails for good, and
// the next contact or the telephone is tried, instead of one bad address
// keeping all others from being told.
func (c *composer) notice(v incident.View) (incident.Letter, error) {
	say := c.words.NoticeMail
	if v.Dry {
		say = c.words.NoticeText
	}
	m := say(v.Lang, c.noticeWords(v))
	if v.Words != nil { // said when our words were others, and so without markup
		m = templates.Mail{Subject: v.Words.Subject, Text: v.Words.Text}
	}
	letter := incident.Letter{Subject: oneLine(m.Subject), Text: plain(m.Text)}
	if v.Dry {
		return letter, nil
	}
	if _, err := notify.Mailbox(v.Contact.Email); err != nil {
		return letter, nil
	}
	files, err := c.signedFile(v, letter)
	if err != nil {
		return letter, fmt.Errorf("sign notice: %w", err)
	}
	from, reply := c.sender(v.Organisation)
	raw, err := c.freeze(notify.Message{
		ID: orElse(v.Delivery, "preview"), From: from, ReplyTo: reply,
		To:      mail.Address{Name: oneLine(v.Contact.Name), Address: v.Contact.Email},
		Subject: letter.Subject, Lang: c.lang(v.Lang), Date: v.At, Text: letter.Text, HTML: plain(m.HTML), Files: files,
	})
	if err != nil {
		return letter, fmt.Errorf("compose notice: %w", err)
	}
	letter.Raw = raw
	return letter, nil
}

// signedFile is the notice for machines, which goes with the mail: what the
// mail says, without the secret of its link.
func (c *composer) signedFile(v incident.View, letter incident.Letter) ([]notify.File, error) {
	if c.sign == nil {
		return nil, nil
	}
	n := &incident.Notice{N: v.N, Lang: v.Lang, Code: v.Code, At: v.At, NextUpdate: v.NextUpdate, Subject: letter.Subject,
		Text: incident.WithoutSecret(letter.Text, v.Secret)}
	data, err := incident.SignNotice(incident.DocumentOf(v.Organisation, v.Number, v.Controller, n), c.sign)
	if err != nil {
		return nil, err
	}
	return []notify.File{{Name: signedName(v.Number, v.N), Type: "application/json", Data: data}}, nil
}

// signedName names the file of a notice by letters that no mail program minds.
func signedName(number string, n int) string {
	number = strings.Map(func(r rune) rune {
		if r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return r
		}
		return '-'
	}, number)
	return number + "-v" + strconv.Itoa(n) + ".json"
}

func (c *composer) noticeWords(v incident.View) templates.Notice {
	org, n := v.Organisation, statedWords(v.Stated)
	if v.Was != nil {
		was := statedWords(*v.Was)
		n.Was = &was
	}
	n.Organisation, n.Email, n.Phone, n.DPO = org.Name, org.Email, org.Phone, org.DPO
	n.Number, n.N, n.Controller, n.Receiver = v.Number, v.N, v.Controller, v.Contact.Name
	n.Services, n.Said, n.At, n.NextUpdate = v.Services, v.Said, v.At, v.NextUpdate
	n.Link, n.Site, n.Code, n.Zone = c.site+"/n/"+orElse(v.Secret, "preview"), c.site, v.Code, zoneOf(org.Zone)
	if c.sign != nil {
		n.Signed = signedName(v.Number, v.N)
	}
	n.Checkpoint = v.Checkpoint
	return n
}

// statedWords is the part of a notice that says what is known.
func statedWords(s incident.Stated) templates.Notice {
	f := s.Facts
	return templates.Notice{
		Nature: fact(f.Nature), Data: fact(f.Data), Groups: fact(f.Groups), Consequences: fact(f.Consequences),
		Measures: fact(f.Measures), Advice: fact(f.Advice), People: templates.NoticeCount(f.People), Records: templates.NoticeCount(f.Records),
		From: moment(s.From), To: moment(s.To), Aware: moment(s.Aware),
	}
}

// sender returns who a mail is from and where answers go: to the contact
// point, if that is an address.
func (c *composer) sender(org incident.Organisation) (mail.Address, string) {
	_, err := notify.Mailbox(org.Email)
	from := c.from
	if from.Address == "" && err == nil {
		from.Address = org.Email
	}
	from.Address = orElse(from.Address, nobody)
	from.Name = oneLine(orElse(from.Name, org.Name))
	if err != nil {
		return from, ""
	}
	return from, org.Email
}

// freeze makes the exact bytes of a mail.
func (c *composer) freeze(m notify.Message) ([]byte, error) {
	raw, err := notify.BuildMail(m)
	if err == nil && c.seal != nil {
		raw, err = c.seal.Sign(raw)
	}
	if err != nil {
		return nil, err
	}
	return notify.Sign(raw, c.keys)
}

// lang returns the language in which lang's readers are written to.
func (c *composer) lang(lang string) string {
	for _, l := range templates.Langs {
		if l == lang {
			return l
		}
	}
	return templates.Langs[0]
}

func fact(f incident.Fact) templates.NoticeFact {
	return templates.NoticeFact{Text: f.Text, Sure: string(f.Sure)}
}

func moment(m incident.Told) templates.NoticeTime {
	return templates.NoticeTime{At: m.At, Sure: string(m.Sure)}
}

// zones remembers time zones by name: reading one takes longer than to word a
// notice.
var zones sync.Map

// zoneOf finds a time zone; one that does not exist is Helsinki's.
func zoneOf(name string) *time.Location {
	if loc, ok := zones.Load(name); ok {
		return loc.(*time.Location)
	}
	found := time.UTC
	for _, n := range []string{name, templates.Zone} {
		if loc, err := time.LoadLocation(n); n != "" && err == nil {
			found = loc
			break
		}
	}
	zones.Store(name, found)
	return found
}

func orElse(s, or string) string {
	if s == "" {
		return or
	}
	return s
}

// plain takes out what mail cannot carry. People paste such things; a notice
// must go out all the same.
func plain(s string) string {
	if utf8.ValidString(s) && !anyBarred(s) {
		return s
	}
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\ufffd", "?").Replace(strings.ToValidUTF8(s, "?"))
	return strings.Map(func(r rune) rune {
		if barred(r) {
			return ' '
		}
		return r
	}, s)
}

// anyBarred is quicker than to look at each character.
func anyBarred(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' && c != '\n' && c != '\t' || c == 0x7f {
			return true
		}
	}
	return strings.Contains(s, "\ufffd")
}

// barred reports whether mail cannot carry r.
func barred(r rune) bool { return r < ' ' && r != '\n' && r != '\t' || r == 0x7f || r == '\ufffd' }

// headerMax bounds names and subjects, in characters.
const headerMax = 200

// oneLine makes a text fit for a header field.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, plain(s))), " ")
	if runes := []rune(s); len(runes) > headerMax {
		s = string(runes[:headerMax])
	}
	return s
}
