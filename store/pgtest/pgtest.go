// Package pgtest starts a private PostgreSQL for tests, from the system's own
// programs: on a unix socket in a temporary folder, without a network port and
// without touching any other cluster.
package pgtest

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// patience is how long the server may take to be ready.
const patience = 30 * time.Second

// owner is the database's user, and the system's where root runs the tests,
// as PostgreSQL refuses to run as root.
const owner = "postgres"

// Start starts a server and returns the address of its database "postgres".
// The order of its text is Finnish, so that a test notices where the order of
// bytes was relied on without being asked for. The server ends with stop, and
// also when this process dies, however it dies. Without PostgreSQL's programs
// the error names the package to install.
func Start() (dsn string, stop func(), err error) {
	bin, err := programs()
	if err != nil {
		return "", nil, err
	}
	dir, err := os.MkdirTemp("/tmp", "hatakello-pg-") // the path of a socket has at most 107 bytes
	if err != nil {
		return "", nil, err
	}
	who, err := credential(dir)
	if err != nil {
		os.RemoveAll(dir)
		return "", nil, err
	}
	data := filepath.Join(dir, "data")
	init := command(who, filepath.Join(bin, "initdb"), "-D", data, "-U", owner, "-A", "trust", "-E", "UTF8", "--no-sync",
		"--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=fi")
	if out, err := init.CombinedOutput(); err != nil {
		os.RemoveAll(dir)
		return "", nil, fmt.Errorf("initdb: %w\n%s", err, out)
	}
	stop, err = run(who, bin, dir, data)
	if err != nil {
		return "", nil, err
	}
	return Address(dir, "postgres"), stop, nil
}

// Address names a database of the server whose socket is in dir.
func Address(dir, database string) string {
	return "postgres://" + owner + "@/" + database + "?host=" + dir
}

// programs finds the folder of the newest installed server.
func programs() (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	newest, folder := 0, ""
	for _, path := range found {
		dir := filepath.Dir(path)
		if n, err := strconv.Atoi(filepath.Base(filepath.Dir(dir))); err == nil && n > newest {
			newest, folder = n, dir
		}
	}
	if newest < 15 {
		return "", errors.New("PostgreSQL 15 or newer is not installed, and these tests need it: apt-get install postgresql")
	}
	return folder, nil
}

// credential is who runs the server: nil is us. The folder is given to them.
func credential(dir string) (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup(owner)
	if err != nil {
		return nil, fmt.Errorf("%w; it comes with: apt-get install postgresql", err)
	}
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, os.Chown(dir, uid, gid)
}

func command(who *syscall.Credential, name string, args ...string) *exec.Cmd {
	c := exec.Command(name, args...)
	c.Dir = "/"
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: who}
	return c
}

// watch runs the server until its own standard input ends, which happens when
// the test process is gone, and cleans up.
const watch = `"$1/postgres" -D "$3" -k "$2" -c listen_addresses= -c fsync=off -c full_page_writes=off \
	-c shared_buffers=32MB -c max_connections=120 >"$2/log" 2>&1 </dev/null &
server=$!
cat >/dev/null
kill -INT $server
wait $server
rm -rf "$2"`

func run(who *syscall.Credential, bin, dir, data string) (stop func(), err error) {
	c := command(who, "/bin/sh", "-c", watch, "watch", bin, dir, data)
	leash, err := c.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := c.Start(); err != nil {
		return nil, err
	}
	stop = func() { end(c, leash, dir) }
	for begun := time.Now(); !ready(data); time.Sleep(20 * time.Millisecond) {
		if time.Since(begun) > patience {
			log, _ := os.ReadFile(filepath.Join(dir, "log"))
			stop()
			return nil, fmt.Errorf("PostgreSQL is not ready after %v:\n%s", patience, log)
		}
	}
	return stop, nil
}

func end(c *exec.Cmd, leash io.Closer, dir string) {
	leash.Close()
	_ = c.Wait() // the shell's verdict on a server that was told to end
	os.RemoveAll(dir)
}

// ready reads what the server says of itself.
func ready(data string) bool {
	b, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
	lines := strings.Split(string(b), "\n")
	return err == nil && len(lines) > 7 && strings.TrimSpace(lines[7]) == "ready"
}
