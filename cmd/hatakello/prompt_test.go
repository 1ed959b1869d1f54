package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

// pseudoTerminal opens a terminal that the test types at: what is written to
// keys arrives at line as if it were typed.
func pseudoTerminal(t *testing.T) (keys, line *os.File) {
	t.Helper()
	keys, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { keys.Close() })
	var locked, number int32
	for request, arg := range map[uintptr]*int32{syscall.TIOCSPTLCK: &locked, syscall.TIOCGPTN: &number} {
		if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, keys.Fd(), request, uintptr(unsafe.Pointer(arg))); errno != 0 {
			t.Fatal(errno)
		}
	}
	line, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { line.Close() })
	return keys, line
}

// echoes reports whether the terminal shows what is typed.
func echoes(t *testing.T, keys *os.File) bool {
	t.Helper()
	var mode syscall.Termios
	if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, keys.Fd(), syscall.TCGETS, uintptr(unsafe.Pointer(&mode))); errno != 0 {
		t.Fatal(errno)
	}
	return mode.Lflag&syscall.ECHO != 0
}

// TestPasswordPrompt types passwords at a terminal: one that is too short, two
// that differ, and one that is good. None of them is shown.
func TestPasswordPrompt(t *testing.T) {
	file, err := program()
	if err != nil {
		t.Fatal(err)
	}
	keys, line := pseudoTerminal(t)
	db := filepath.Join(t.TempDir(), "h.db")
	c := exec.CommandContext(t.Context(), file, "--lang=en", "user", "add", "aino@esimerkki.test", "--name", "Aino Koe", "--role", "admin", "--db", db)
	c.Stdin, c.Stdout, c.Stderr = line, line, line
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	line.Close()
	screen := &safeBuffer{}
	shown := make(chan error, 1)
	go func() {
		_, err := io.Copy(screen, keys)
		shown <- err
	}()
	seen := 0
	for _, step := range []struct{ prompt, typed string }{
		{"Password for aino@esimerkki.test: ", "lyhyt"},
		{"at least", ""},
		{"Password for aino@esimerkki.test: ", "neljä tavallista sanaa peräkkäin"},
		{"The same password again: ", "neljä tavallista sanaa perakkain"},
		{"The two passwords differ.", ""},
		{"Password for aino@esimerkki.test: ", "neljä tavallista sanaa peräkkäin"},
		{"The same password again: ", "neljä tavallista sanaa peräkkäin"},
	} {
		within(t, 20*time.Second, fmt.Sprintf("%q after %q", step.prompt, screen), func() bool {
			i := strings.Index(screen.String()[seen:], step.prompt)
			if i >= 0 {
				seen += i + len(step.prompt)
			}
			return i >= 0
		})
		if step.typed == "" {
			continue
		}
		within(t, 20*time.Second, "the terminal to hide what is typed", func() bool { return !echoes(t, keys) })
		if _, err := keys.WriteString(step.typed + "\n"); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Wait(); err != nil {
		t.Errorf("user add: %v\n%s", err, screen)
	}
	if err := <-shown; err != nil && !errors.Is(err, syscall.EIO) { // the terminal's other end is gone
		t.Error(err)
	}
	for _, secret := range []string{"lyhyt", "tavallista"} {
		if strings.Contains(screen.String(), secret) {
			t.Errorf("the screen shows a password: %q", screen)
		}
	}
	if out := must(t, "", "user", "list", "--db", db); !strings.HasPrefix(out, "aino@esimerkki.test\tAino Koe\tadmin") {
		t.Errorf("users: %q", out)
	}
}
