package main

import (
	"bytes"
	"fmt"
	"net"
	"net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// mailserver is Debian's OpenSMTPD, taking mail for every address and putting
// it into folders, one for each receiver.
type mailserver struct {
	t    *testing.T
	addr string
	dir  string
}

// startMail runs a mail server of its own for this test. Its queue and control
// socket lie in a mount namespace that only it sees, so that the machine's own
// mail server, if there is one, is not touched. That needs root.
func startMail(t *testing.T) *mailserver {
	t.Helper()
	if os.Getuid() != 0 {
		t.Fatal("a real mail server can be started by root only: run the tests as root")
	}
	dir := t.TempDir()
	for _, d := range []string{filepath.Dir(dir), dir} { // the server delivers as user nobody
		if err := os.Chmod(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	m := &mailserver{t, freeAddress(t), filepath.Join(dir, "mail")}
	conf := filepath.Join(dir, "smtpd.conf")
	host, port, _ := net.SplitHostPort(m.addr)
	text := fmt.Sprintf(`table everybody { "@" = nobody }
listen on %s port %s hostname mail.example
action "keep" maildir "%s/%%{dest.domain}/%%{dest.user}" user nobody virtual <everybody>
match from any for any action "keep"
`, host, port, m.dir)
	script := `mount -t tmpfs -o mode=755 none /var/spool && mount -t tmpfs -o mode=755 none /run &&
		mkdir -m 711 /var/spool/smtpd && exec /usr/sbin/smtpd -d -f "$0"`
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(m.dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(m.dir, 0o777); err != nil {
		t.Fatal(err)
	}
	var said safeBuffer
	cmd := exec.Command("unshare", "--mount", "sh", "-c", script, conf)
	cmd.Stdout, cmd.Stderr = &said, &said
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	cmd.WaitDelay = 3 * time.Second // its helpers hold the pipe a little longer
	if err := cmd.Start(); err != nil {
		t.Fatalf("start the mail server: %v", err)
	}
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // it and its helpers
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("the mail server said:\n%s", said.tail(3000))
		}
	})
	within(t, 20*time.Second, "the mail server to listen", func() bool {
		conn, err := net.Dial("tcp", m.addr)
		if err != nil {
			return false
		}
		conn.Close()
		return true
	})
	return m
}

// files lists what has been delivered, but not the reports that go back to the
// sender's own domain.
func (m *mailserver) files(except string) []string {
	all, err := filepath.Glob(filepath.Join(m.dir, "*", "*", "new", "*"))
	if err != nil {
		m.t.Fatal(err)
	}
	var kept []string
	for _, f := range all {
		if !strings.HasPrefix(f, filepath.Join(m.dir, except)+"/") {
			kept = append(kept, f)
		}
	}
	return kept
}

// delivered is a mail as it lies in a folder.
type delivered struct {
	to  string // whose folder
	raw []byte
	*mail.Message
}

// open reads a delivered mail.
func (m *mailserver) open(file string) delivered {
	m.t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		m.t.Fatal(err)
	}
	msg, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		m.t.Fatalf("%s: %v", file, err)
	}
	user := filepath.Dir(filepath.Dir(file))
	return delivered{filepath.Base(user) + "@" + filepath.Base(filepath.Dir(user)), raw, msg}
}
