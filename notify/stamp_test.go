package notify

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// tsaConfig is a time authority of openssl.
const tsaConfig = `
[tsa]
default_tsa = main
[main]
serial = serial
signer_cert = tsa.crt
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
accuracy = secs:1
[ext]
extendedKeyUsage = critical,timeStamping
keyUsage = critical,digitalSignature
`

// timeAuthority answers with openssl ts, as a real one does.
func timeAuthority(t *testing.T) *httptest.Server {
	t.Helper()
	dir := t.TempDir()
	run := func(args ...string) {
		t.Helper()
		c := exec.Command("openssl", args...)
		c.Dir = dir
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("openssl %v: %v: %s", args, err, out)
		}
	}
	for name, text := range map[string]string{"tsa.cnf": tsaConfig, "serial": "01\n", "req.cnf": "[req]\ndistinguished_name = dn\n[dn]\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run("req", "-config", "req.cnf", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Koe TSA")
	run("x509", "-req", "-in", "tsa.csr", "-signkey", "tsa.key", "-days", "2", "-extfile", "tsa.cnf", "-extensions", "ext", "-out", "tsa.crt")
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ask, err := io.ReadAll(r.Body)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, "ask.tsq"), ask, 0o600)
		}
		if err != nil || r.Header.Get("Content-Type") != "application/timestamp-query" {
			http.Error(w, "no", http.StatusBadRequest)
			return
		}
		run("ts", "-reply", "-config", "tsa.cnf", "-section", "main", "-queryfile", "ask.tsq", "-out", "answer.tsr")
		answer, err := os.ReadFile(filepath.Join(dir, "answer.tsr"))
		if err != nil {
			t.Error(err)
		}
		w.Header().Set("Content-Type", "application/timestamp-reply")
		w.Write(answer)
	}))
	t.Cleanup(srv.Close)
	return srv
}

func TestStamp(t *testing.T) {
	tsa := timeAuthority(t)
	note := []byte("koe.example/hatakello\n7\nabc=\n\n")
	token, err := Stamp(t.Context(), tsa.Client(), tsa.URL, note)
	if err != nil {
		t.Fatal(err)
	}
	at, err := StampedAt(token, note)
	if err != nil || time.Since(at).Abs() > time.Minute {
		t.Errorf("stamped at %v, %v", at, err)
	}
	if _, err := StampedAt(token, append(note, 'x')); err == nil {
		t.Error("the stamp fits what was never stamped")
	}
	token[len(token)-1] ^= 1
	if _, err := StampedAt(token, note); err == nil {
		t.Error("a stamp with a changed signature is taken")
	}
	no := httptest.NewServer(http.NotFoundHandler())
	defer no.Close()
	if _, err := Stamp(t.Context(), no.Client(), no.URL, note); err == nil {
		t.Error("an answer of 404 is a stamp")
	}
}
