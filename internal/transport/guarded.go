package transport

import (
	"errors"
	"io"
)

// Guarded reads from a Reader of the user's, or of the user's HTTP transport. What such a
// Reader must not do is an error: otherwise those who read would loop forever, or panic.
type Guarded struct {
	From  io.Reader
	empty int
}

// maxEmpty is how often in a row nothing may come, and no error, as in package bufio.
const maxEmpty = 100

var errCount = errors.New("the Reader returned an impossible count")

// Read implements [io.Reader].
func (g *Guarded) Read(p []byte) (int, error) {
	n, err := g.From.Read(p)
	switch {
	case n < 0 || n > len(p):
		return 0, errCount
	case n > 0 || err != nil || len(p) == 0:
		g.empty = 0
		return n, err
	case g.empty == maxEmpty:
		return 0, io.ErrNoProgress
	}
	g.empty++
	return 0, nil
}
