package notify

import (
	"net"
	"sync"
)

// doorman lets a limited number of connections in; the others wait outside.
type doorman struct {
	net.Listener
	places chan struct{}
}

// Accept waits for a connection, and for a place.
func (d *doorman) Accept() (net.Conn, error) {
	d.places <- struct{}{}
	c, err := d.Listener.Accept()
	if err != nil {
		<-d.places
		return nil, err
	}
	return &guest{Conn: c, leave: sync.OnceFunc(func() { <-d.places })}, nil
}

// guest gives its place back when it leaves.
type guest struct {
	net.Conn
	leave func()
}

func (g *guest) Close() error {
	defer g.leave()
	return g.Conn.Close()
}
