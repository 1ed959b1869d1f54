package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"hatakello/store/pgtest"
)

const tags = "nomsgpack,fts5,sqlite_math_functions,sqlite_omit_load_extension"

// program is the built binary, made once for all tests of this package.
var program = sync.OnceValues(func() (string, error) {
	file := filepath.Join(scratch, "hatakello")
	out, err := exec.Command("go", "build", "-trimpath", "-tags", tags, "-ldflags", "-X main.version=test", "-o", file, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	return file, nil
})

// scratch is a folder of this test run.
var scratch string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "hatakello-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	scratch = dir
	code := m.Run()
	if stopPostgres != nil {
		stopPostgres()
	}
	os.RemoveAll(dir)
	os.Exit(code)
}

// databases are the two that everything is proved on.
var databases = []struct {
	name string
	make func(*testing.T) string // a fresh one; returns what --db wants
}{
	{"sqlite", func(t *testing.T) string { return filepath.Join(t.TempDir(), "cases.db") }},
	{"postgres", freshPostgres},
}

// postgres is a private server, started once for all tests of this package.
var (
	stopPostgres func()
	postgres     = sync.OnceValues(func() (string, error) {
		dsn, stop, err := pgtest.Start()
		stopPostgres = stop
		return dsn, err
	})
	postgresBases atomic.Int64
)

// freshPostgres makes an empty database.
func freshPostgres(t *testing.T) string {
	t.Helper()
	dsn, err := postgres()
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	name := fmt.Sprintf("flow%d", postgresBases.Add(1))
	if _, err := db.ExecContext(t.Context(), "create database "+name); err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	return pgtest.Address(u.Query().Get("host"), name)
}

// command runs the binary to its end and returns both its outputs.
func command(t *testing.T, stdin string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	file, err := program()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, file, append([]string{"--lang=en"}, args...)...)
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &out, &errs
	err = cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("hatakello %s: %v", strings.Join(args, " "), err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

// must is command that has to succeed; it returns the last line printed.
func must(t *testing.T, stdin string, args ...string) string {
	t.Helper()
	out, errs, code := command(t, stdin, args...)
	if code != 0 {
		t.Fatalf("hatakello %s: exit code %d\n%s%s", strings.Join(args, " "), code, out, errs)
	}
	lines := strings.Split(strings.TrimRight(out, "\n"), "\n")
	return lines[len(lines)-1]
}

// server is a running hatakello.
type server struct {
	t   *testing.T
	url string
	cmd *exec.Cmd
	out *safeBuffer
	end chan struct{} // closed when the process has ended
}

// start runs "serve" or "demo" at a free port until the test ends.
func start(t *testing.T, what string, args ...string) *server {
	t.Helper()
	file, err := program()
	if err != nil {
		t.Fatal(err)
	}
	addr := freeAddress(t)
	s := &server{t: t, url: "http://" + addr, out: &safeBuffer{}, end: make(chan struct{})}
	s.cmd = exec.Command(file, append([]string{"--lang=en", what, "--listen", addr}, args...)...)
	s.cmd.Stdout, s.cmd.Stderr = s.out, s.out
	s.cmd.Env = append(os.Environ(), "GOTRACEBACK=all")
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = s.cmd.Wait() // how it ended is read from ProcessState
		close(s.end)
	}()
	t.Cleanup(func() {
		s.kill()
		if t.Failed() {
			t.Logf("%s said:\n%s", what, s.out.tail(8000))
		}
	})
	s.awaitReady()
	return s
}

func (s *server) awaitReady() {
	s.t.Helper()
	within(s.t, 20*time.Second, "the server to be ready", func() bool {
		select {
		case <-s.end:
			s.t.Fatalf("the server ended: %s", s.out.tail(4000))
		default:
		}
		resp, err := http.Get(s.url + "/readyz")
		if err != nil {
			return false
		}
		resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
}

// kill ends the process as a power cut would.
func (s *server) kill() {
	_ = s.cmd.Process.Kill()
	<-s.end
}

// stop ends the process as an operator would and returns its exit code.
func (s *server) stop() int {
	s.t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		s.t.Fatal(err)
	}
	select {
	case <-s.end:
	case <-time.After(15 * time.Second):
		s.t.Fatal("the server did not stop within 15 seconds")
	}
	return s.cmd.ProcessState.ExitCode()
}

// within waits until done, and fails the test when that takes too long.
func within(t *testing.T, limit time.Duration, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if done() {
			return
		}
	}
	t.Fatalf("waited %v for %s", limit, what)
}

// freeAddress returns an address of this machine at which nobody listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().String()
}

// safeBuffer is a buffer that may be read while it is written.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func (s *safeBuffer) tail(n int) string {
	all := s.String()
	return all[max(0, len(all)-n):]
}

// get reads a page without following where it leads.
func get(t *testing.T, method, url string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}
