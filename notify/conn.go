package notify

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"time"

	"github.com/emersion/go-smtp"
)

// flood is how many bytes a server may say in answer to one thing that we
// said.
const flood = 64 << 10

// errFlood says that a server talks without end.
var errFlood = errors.New("the server's answer has no end")

// bounded is a connection to a server that is not trusted: what it says at a
// stretch is limited, and no write waits longer than wait.
type bounded struct {
	net.Conn
	wait time.Duration
	read int // bytes since we last said something
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.read > flood {
		return 0, errFlood
	}
	n, err := b.Conn.Read(p)
	b.read += n
	return n, err
}

func (b *bounded) Write(p []byte) (int, error) {
	b.read = 0
	if err := b.SetWriteDeadline(time.Now().Add(b.wait)); err != nil {
		return 0, err
	}
	return b.Conn.Write(p)
}

// errUnsafe says that encryption was demanded and could not be had.
var errUnsafe = errors.New("no acceptable encryption")

// unsafe tells failures of encryption from those of the connection and from
// the server's own answers.
func unsafe(err error) error {
	var reply *smtp.SMTPError
	var network net.Error
	var garbage textproto.ProtocolError
	plain := errors.As(err, &reply) || errors.As(err, &network) && !alert(err) || errors.As(err, &garbage)
	for _, e := range []error{io.EOF, io.ErrUnexpectedEOF, net.ErrClosed, errFlood, smtp.ErrTooLongLine} {
		plain = plain || errors.Is(err, e)
	}
	if plain {
		return &fault{stepConnect, err}
	}
	return &Closed{Why: Unsafe, Err: fmt.Errorf("%w: %w", errUnsafe, err)}
}

// alert reports whether err is the TLS protocol's own: crypto/tls dresses it
// as an error of the network.
func alert(err error) bool {
	var op *net.OpError
	var record tls.RecordHeaderError
	return errors.As(err, &record) || errors.As(err, &op) && (op.Op == "remote error" || op.Op == "local error")
}
