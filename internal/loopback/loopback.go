// Package loopback has the sockets of the stand-ins and of other servers in tests.
package loopback

import (
	"net"
	"sync"
)

// had are the ports that were given in this process.
var had sync.Map

// most is how many ports are refused that were given before, until one is given again.
const most = 256

// Listen returns a listener on loopback whose port no other had before in this process.
// The SDK keeps quotas, gates and connections by host and port for as long as the process
// lives: a server that gets the port of one that was closed would inherit what a client
// knows of that one.
func Listen() (net.Listener, error) {
	var again []net.Listener // they are held, so that the system gives other ports
	defer func() {
		for _, l := range again {
			_ = l.Close()
		}
	}()
	for {
		l, err := listen()
		if err != nil {
			return nil, err
		}
		port := l.Addr().(*net.TCPAddr).Port
		if _, known := had.LoadOrStore(port, true); !known || len(again) == most {
			return l, nil
		}
		again = append(again, l)
	}
}

func listen() (net.Listener, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err == nil {
		return l, nil
	}
	return net.Listen("tcp6", "[::1]:0")
}
