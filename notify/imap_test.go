package notify

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// dovecot starts Debian's IMAP server on a free port, with one user.
func dovecot(t *testing.T) IMAPBox {
	t.Helper()
	const program = "/usr/sbin/dovecot"
	for file, pack := range map[string]string{program: "dovecot-core", "/usr/lib/dovecot/imap": "dovecot-imapd"} {
		if _, err := os.Stat(file); err != nil {
			t.Fatalf("%s is missing: install the Debian package %s", file, pack)
		}
	}
	dir, err := os.MkdirTemp("", "dc") // short: it holds sockets
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	port := freePort(t)
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	login, uid, gid := me.Username, me.Uid, me.Gid
	if uid == "0" { // the server refuses to read root's mail
		login, uid, gid = "nobody", "65534", "65534"
	}
	mail := filepath.Join(dir, "mail")
	if err := os.Mkdir(mail, 0o777); err != nil {
		t.Fatal(err)
	}
	os.Chmod(dir, 0o755)
	n, _ := strconv.Atoi(uid)
	g, _ := strconv.Atoi(gid)
	os.Chown(mail, n, g)
	conf := fmt.Sprintf(`
protocols = imap
base_dir = %[1]s/run
state_dir = %[1]s/run
log_path = %[1]s/log
ssl = no
disable_plaintext_auth = no
default_internal_user = %[2]s
default_login_user = %[2]s
default_internal_group = %[5]s
mail_location = maildir:%[1]s/mail
first_valid_uid = 1
first_valid_gid = 1
namespace inbox {
  inbox = yes
}
passdb {
  driver = static
  args = password=salainen
}
userdb {
  driver = static
  args = uid=%[3]s gid=%[4]s home=%[1]s/mail
}
service imap-login {
  chroot =
  inet_listener imap {
    address = 127.0.0.1
    port = %[6]d
  }
  inet_listener imaps {
    port = 0
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
`, dir, login, uid, gid, groupOf(t, gid), port)
	file := filepath.Join(dir, "dovecot.conf")
	if err := os.WriteFile(file, []byte(conf), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "-F", "-c", file)
	out, err := os.Create(filepath.Join(dir, "out"))
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Signal(os.Interrupt)
		cmd.Wait()
		if t.Failed() {
			for _, f := range []string{"out", "log"} {
				text, _ := os.ReadFile(filepath.Join(dir, f))
				t.Logf("%s: %s", f, text)
			}
		}
	})
	waitFor(t, fmt.Sprint("127.0.0.1:", port))
	return IMAPBox{Host: "127.0.0.1", Port: strconv.Itoa(port), TLS: NoTLS, User: "palautukset", Password: "salainen", Folder: "INBOX", Done: "Luettu"}
}

func groupOf(t *testing.T, gid string) string {
	t.Helper()
	g, err := user.LookupGroupId(gid)
	if err != nil {
		t.Fatal(err)
	}
	return g.Name
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// waitFor returns when somebody listens.
func waitFor(t *testing.T, addr string) {
	t.Helper()
	for range 200 {
		if c, err := net.Dial("tcp", addr); err == nil {
			c.Close()
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("nobody listens at %s", addr)
}

// imapUser is a second client that puts mail in and looks at what is there.
func imapUser(t *testing.T, b IMAPBox) *imapclient.Client {
	t.Helper()
	c, err := imapclient.DialInsecure(net.JoinHostPort(b.Host, b.Port), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.Login(b.User, b.Password).Wait(); err != nil {
		t.Fatal(err)
	}
	return c
}

func drop(t *testing.T, c *imapclient.Client, raw string) {
	t.Helper()
	w := c.Append("INBOX", int64(len(raw)), nil)
	if _, err := w.Write([]byte(raw)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Wait(); err != nil {
		t.Fatal(err)
	}
}

// flags lists the flags of each mail in a folder.
func flags(t *testing.T, c *imapclient.Client, folder string) [][]imap.Flag {
	t.Helper()
	s, err := c.Select(folder, &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil {
		t.Fatal(err)
	}
	if s.NumMessages == 0 {
		return nil
	}
	all, err := c.Fetch(imap.SeqSet{{Start: 1, Stop: 0}}, &imap.FetchOptions{Flags: true}).Collect()
	if err != nil {
		t.Fatal(err)
	}
	var out [][]imap.Flag
	for _, m := range all {
		out = append(out, m.Flags)
	}
	return out
}

// A mailbox on a real server: what is there is read, what comes later is told
// by the server, a person's mail stays unread, what comes too early stays for
// the next look, and nothing disappears.
func TestMailboxOfReturns(t *testing.T) {
	b := dovecot(t)
	c := imapUser(t, b)
	if err := c.Create(b.Done, nil).Wait(); err != nil {
		t.Fatal(err)
	}
	raw := dsn("multipart/report", envid, failedFields)
	drop(t, c, raw)
	drop(t, c, crlf("From: rehtori@kunta.example\nSubject: Re: Ilmoitus\n\nKiitos.\n"))
	drop(t, c, strings.ReplaceAll(raw, ourID, "early"))
	r := newRegister(ourID, "second")
	in := newIntake(r)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { in.ServeBox(ctx, b); close(done) }()
	r.wait(t, 1)
	began := time.Now()
	drop(t, c, strings.ReplaceAll(raw, ourID, "second"))
	r.wait(t, 2)
	if took := time.Since(began); took > boxPoll/2 {
		t.Errorf("the second came after %v: IDLE told nothing", took)
	}
	cancel()
	<-done
	if got := r.reports(); got[0].Delivery != ourID || got[1].Delivery != "second" {
		t.Errorf("reports %+v", got)
	}
	left, moved := flags(t, c, "INBOX"), flags(t, c, b.Done)
	if len(left)+len(moved) != 4 {
		t.Fatalf("%d mails are left of four: %v, %v", len(left)+len(moved), left, moved)
	}
	for _, f := range moved {
		if !slices.Contains(f, imap.FlagSeen) {
			t.Errorf("moved and unread: %v", f)
		}
	}
	if slices.Contains(left[0], imap.FlagSeen) {
		t.Errorf("a person's mail has been marked as read: %v", left[0])
	}
}

// What is put off stays without a mark, and is read when its time has come.
func TestMailboxKeepsWhatIsEarly(t *testing.T) {
	b := dovecot(t)
	b.Done = ""
	c := imapUser(t, b)
	drop(t, c, dsn("multipart/report", envid, failedFields))
	r := newRegister()
	r.known[ourID] = fmt.Errorf("not yet")
	in := newIntake(r)
	box, err := b.open(t.Context(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer box.Close()
	for _, want := range []struct {
		err error
		n   int // listed before the look
	}{{fmt.Errorf("not yet"), 1}, {nil, 1}, {nil, 0}} {
		r.mu.Lock()
		r.known[ourID] = want.err
		r.mu.Unlock()
		ids, err := box.New(t.Context())
		if err != nil || len(ids) != want.n {
			t.Fatalf("%v, %v: want %d to look at", ids, err, want.n)
		}
		for _, id := range ids {
			if err := in.readOne(t.Context(), box, id); err != nil {
				t.Fatal(err)
			}
		}
	}
	if f := flags(t, c, "INBOX"); len(f) != 1 || !slices.Contains(f[0], imap.FlagSeen) {
		t.Errorf("flags %v", f)
	}
}

func TestMailboxRefusesTheWrongPassword(t *testing.T) {
	b := dovecot(t)
	b.Password = "väärä"
	if _, err := b.open(t.Context(), time.Now); err == nil || strings.Contains(err.Error(), b.Password) {
		t.Errorf("%v, want a refusal that does not tell the password", err)
	}
}

func TestParseIMAP(t *testing.T) {
	for s, want := range map[string]string{
		"imaps://bounce@mail.example/INBOX":              "mail.example 993 tls bounce INBOX ",
		"imaps://bounce@mail.example:1993/?done=Handled": "mail.example 1993 tls bounce INBOX Handled",
		"imap://b%40x.example@mail.example/Returns":      "mail.example 143 starttls b@x.example Returns ",
		"imap://b@127.0.0.1/?tls=none":                   "127.0.0.1 143 none b INBOX ",
		"imap://b@mail.example/?tls=none":                "",
		"imaps://b:secret@mail.example/":                 "",
		"imaps://mail.example/":                          "",
		"pop3://b@mail.example/":                         "",
	} {
		b, err := ParseIMAP(s)
		got := fmt.Sprint(b.Host, " ", b.Port, " ", b.TLS, " ", b.User, " ", b.Folder, " ", b.Done)
		if (err == nil) != (want != "") || err == nil && got != want {
			t.Errorf("%s: %s, %v; want %s", s, got, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%v tells the password", err)
		}
	}
}
