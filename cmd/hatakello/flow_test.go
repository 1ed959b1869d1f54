package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestFlow does the whole job on real parts: the built program, both databases,
// a real mail server and the mails that it has delivered.
func TestFlow(t *testing.T) {
	for _, base := range databases {
		t.Run(base.name, func(t *testing.T) {
			post := startMail(t)
			db := base.make(t)
			s := start(t, "serve", "--db", db, "--smtp", "smtp://"+post.addr, "--from", "Kello Oy <kello@sender.example>")
			a := &api{t, s.url, must(t, "", "token", "add", "flow", "--role", "privacy", "--db", db)}

			list := customers(200)
			a.importCSV(list)
			id := a.log("Lokit julkisina", "Palvelu A")
			a.notify(id, flowText)
			clicked := time.Now()

			within(t, 60*time.Second, "all 200 mails", func() bool { return len(post.files("sender.example")) >= len(list) })
			t.Logf("200 mails delivered %v after the click", time.Since(clicked).Round(time.Millisecond))
			mails := byReceiver(t, post)
			checkMails(t, list, mails)
			a.checkDeliveries(id, len(list))
			acknowledge(t, a, id, mails[list[7].email], list[7])
			a.checkReports(id, list[7])
			if code := s.stop(); code != 0 {
				t.Errorf("exit code %d after SIGTERM, want 0", code)
			}
		})
	}
}

const flowText = "Palvelun lokit olivat avoimina verkossa kaksi tuntia."

// customer is one row of the import. Its marks are words that no other
// customer has, so that a leak is seen.
type customer struct {
	name, lang, contact, email, phone, tenant string
	hours                                     int
}

// customers makes n invented customers in three languages.
func customers(n int) []customer {
	langs := []string{"fi", "sv", "en"}
	var all []customer
	for i := range n {
		all = append(all, customer{
			name: fmt.Sprintf("Keksitty%03d Oy", i), lang: langs[i%3], contact: fmt.Sprintf("Henkilö%03d Koe", i),
			email: fmt.Sprintf("henkilo%03d@asiakas%03d.example", i, i), phone: fmt.Sprintf("+358 00 555 %04d", i),
			tenant: fmt.Sprintf("vuokra-%03d", i), hours: []int{0, 24, 48}[i%3],
		})
	}
	return all
}

// api speaks to the program as another program does.
type api struct {
	t     *testing.T
	url   string
	token string
}

// call sends one request and decodes the answer; want is the status.
func (a *api) call(method, path, kind string, body []byte, want int, into any) {
	a.t.Helper()
	req, err := http.NewRequestWithContext(a.t.Context(), method, a.url+"/api/v1"+path, bytes.NewReader(body))
	if err != nil {
		a.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+a.token)
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		a.t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		a.t.Fatal(err)
	}
	if resp.StatusCode != want {
		a.t.Fatalf("%s %s: status %d, want %d: %s", method, path, resp.StatusCode, want, data)
	}
	if raw, ok := into.(*[]byte); ok {
		*raw = data
		return
	}
	if into == nil {
		return
	}
	if err := json.Unmarshal(data, into); err != nil {
		a.t.Fatalf("%s %s: %v in %s", method, path, err, data)
	}
}

func (a *api) send(path string, body any, want int, into any) {
	a.t.Helper()
	data, err := json.Marshal(body)
	if err != nil {
		a.t.Fatal(err)
	}
	a.call(http.MethodPost, path, "application/json", data, want, into)
}

func (a *api) importCSV(list []customer) {
	a.t.Helper()
	a.call(http.MethodPost, "/customers/import", "text/csv", []byte(customerTable(list)), http.StatusOK, nil)
}

// customerTable writes customers as an import reads them.
func customerTable(list []customer) string {
	var b strings.Builder
	b.WriteString("name;language;service;contact_name;contact_email;contact_phone;contract_hours;tenant_id\n")
	for _, c := range list {
		hours := ""
		if c.hours > 0 {
			hours = fmt.Sprint(c.hours)
		}
		fmt.Fprintf(&b, "%s;%s;Palvelu A;%s;%s;%s;%s;%s\n", c.name, c.lang, c.contact, c.email, c.phone, hours, c.tenant)
	}
	return b.String()
}

// log opens a case that concerns all customers of the service.
func (a *api) log(title, service string) string {
	a.t.Helper()
	var made struct{ ID string }
	a.send("/incidents", map[string]any{"title": title, "aware_at": time.Now().UTC().Add(-time.Hour).Format(time.RFC3339), "services": []string{service}}, http.StatusCreated, &made)
	if made.ID == "" {
		a.t.Fatal("the case has no id")
	}
	return made.ID
}

func (a *api) notify(id, text string) {
	a.t.Helper()
	a.send("/incidents/"+id+"/notices", map[string]any{"text": text}, http.StatusAccepted, nil)
}

// record is a controller's record as the API gives it.
type record struct {
	ID         string
	Controller struct{ Name string }
	Acked      string `json:"acknowledged_at"`
	Deadlines  []struct {
		Duty string
		Due  string
	}
}

// records reads all pages of a case's records.
func (a *api) records(id string) []record {
	a.t.Helper()
	var all []record
	for path := "/incidents/" + id + "/records"; path != ""; {
		var page struct {
			Items []record
			Next  string
		}
		a.call(http.MethodGet, path, "", nil, http.StatusOK, &page)
		all, path = append(all, page.Items...), ""
		if page.Next != "" {
			path = "/incidents/" + id + "/records?next=" + page.Next
		}
	}
	return all
}

// find returns the record of one controller.
func (a *api) find(id, name string) record {
	a.t.Helper()
	for _, r := range a.records(id) {
		if r.Controller.Name == name {
			return r
		}
	}
	a.t.Fatalf("no record of %s", name)
	return record{}
}

// byReceiver reads the delivered mails.
func byReceiver(t *testing.T, post *mailserver) map[string]delivered {
	t.Helper()
	all := map[string]delivered{}
	for _, f := range post.files("sender.example") {
		m := post.open(f)
		if _, ok := all[m.to]; ok {
			t.Errorf("%s got two mails, want one", m.to)
		}
		all[m.to] = m
	}
	return all
}

// openings are the words by which a reader knows the language.
var openings = map[string]string{"fi": "tietoturvaloukkau", "sv": "personuppgiftsincident", "en": "personal data breach"}

// checkMails looks into every mail for its own receiver and language, and for
// everybody else's marks.
func checkMails(t *testing.T, list []customer, mails map[string]delivered) {
	t.Helper()
	if len(mails) != len(list) {
		t.Errorf("%d receivers, want %d", len(mails), len(list))
	}
	others := regexp.MustCompile(`Keksitty\d{3}|Henkilö\d{3}|asiakas\d{3}|vuokra-\d{3}|555 \d{4}`)
	for i, c := range list {
		m, ok := mails[c.email]
		if !ok {
			t.Errorf("no mail for %s", c.email)
			continue
		}
		s := readMail(m.raw)
		text := s.Subject + "\n" + s.Text + "\n" + s.HTML
		for _, p := range s.Parts {
			text += "\n" + partText(t, p)
		}
		if !strings.Contains(s.Text, c.name) || !strings.Contains(m.Header.Get("To"), c.email) {
			t.Errorf("the mail to %s names neither it nor its address: %q", c.name, m.Header.Get("To"))
		}
		for lang, word := range openings {
			if has := strings.Contains(strings.ToLower(s.Text), word); has != (lang == c.lang) {
				t.Errorf("the mail to %s (%s) has the word %q of %s: %v", c.name, c.lang, word, lang, has)
			}
		}
		own := fmt.Sprintf("%03d", i)
		for _, found := range others.FindAllString(text+string(m.raw), -1) {
			if !strings.HasSuffix(found, own) {
				t.Errorf("the mail to %s holds %q", c.name, found)
			}
		}
		if !strings.Contains(s.Text, flowText) {
			t.Errorf("the mail to %s lacks what staff wrote", c.name)
		}
	}
}

// partText gives the readable text of an attachment.
func partText(t *testing.T, p part) string {
	if p.Type == "application/pdf" {
		return pdfText(t, p.Data)
	}
	return string(p.Data)
}

// pdfText reads a PDF as a person's search would.
func pdfText(t *testing.T, pdf []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-layout", file, "-").Output()
	if err != nil {
		t.Fatalf("pdftotext: %v", err)
	}
	return string(out)
}

// checkDeliveries wants every delivery to be taken by the server.
func (a *api) checkDeliveries(id string, want int) {
	a.t.Helper()
	taken := func() int {
		n := 0
		for path := "/incidents/" + id + "/deliveries"; path != ""; {
			var page struct {
				Items []struct{ State string }
				Next  string
			}
			a.call(http.MethodGet, path, "", nil, http.StatusOK, &page)
			for _, d := range page.Items {
				if d.State == "accepted" {
					n++
				}
			}
			path = ""
			if page.Next != "" {
				path = "/incidents/" + id + "/deliveries?next=" + page.Next
			}
		}
		return n
	}
	within(a.t, 20*time.Second, "all deliveries to be accepted", func() bool { return taken() == want })
}

var linkInMail = regexp.MustCompile(`https?://\S+`)

// acknowledge follows the link in a mail as a mail scanner does, which must
// change nothing, and then as the reader does.
func acknowledge(t *testing.T, a *api, id string, m delivered, c customer) {
	t.Helper()
	link := strings.TrimRight(linkInMail.FindString(readMail(m.raw).Text), ".>)")
	if !strings.HasPrefix(link, a.url+"/") {
		t.Fatalf("link %q, want one to %s", link, a.url)
	}
	for _, method := range []string{http.MethodHead, http.MethodGet} {
		if code, body := get(t, method, link); code != http.StatusOK || method == http.MethodGet && !strings.Contains(body, c.name) {
			t.Errorf("%s of the link: status %d, want 200 and the customer's name", method, code)
		}
	}
	if r := a.find(id, c.name); r.Acked != "" {
		t.Errorf("acknowledged at %s by looking at the page, want by POST only", r.Acked)
	}
	resp, err := http.PostForm(link, map[string][]string{"name": {c.contact}})
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Errorf("acknowledging: status %d, want 200 at the end", resp.StatusCode)
	}
	if r := a.find(id, c.name); r.Acked == "" {
		t.Error("not acknowledged after POST")
	}
	if _, body := get(t, http.MethodGet, link[:len(link)-4]+"AAAA"); strings.Contains(body, "Keksitty") {
		t.Error("a changed link shows a customer")
	}
}

// reportWords are what a report must say in each language.
var reportWords = map[string]string{"fi": "Tietosuojavaltuutettu", "sv": "Dataombudsmannen", "en": "Data Protection Ombudsman"}

// checkReports reads one controller's report in three languages.
func (a *api) checkReports(id string, c customer) {
	a.t.Helper()
	r := a.find(id, c.name)
	for lang, word := range reportWords {
		var pdf []byte
		a.call(http.MethodGet, "/incidents/"+id+"/records/"+r.ID+"/report.pdf?lang="+lang, "", nil, http.StatusOK, &pdf)
		text := pdfText(a.t, pdf)
		flat := strings.ToLower(strings.Join(strings.Fields(text), " "))
		if !strings.Contains(flat, strings.ToLower(word[:len(word)-3])) || !strings.Contains(text, c.name) {
			a.t.Errorf("report in %s names neither %s nor %s:\n%.1500s", lang, word, c.name, text)
		}
		if strings.Contains(text, "Keksitty") && strings.Count(text, "Keksitty") != strings.Count(text, c.name[:11]) {
			a.t.Errorf("report in %s names another customer", lang)
		}
	}
}
