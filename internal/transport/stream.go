package transport

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"
)

// stream is the body of one attempt of an upload. The user's files are read in another
// goroutine, one for each piece, so that the attempt can end even if a Reader blocks
// forever. A blocked Read cannot be stopped. It is left behind, and its result is
// dropped.
type stream struct {
	source io.Reader
	buf    []byte
	rest   []byte // of buf, not yet handed out
	err    error  // behind rest

	closing sync.Once
	closed  chan struct{}
	busy    chan struct{} // of one: whoever has sent to it uses source and buf
	pieces  chan piece    // of one

	reading  atomic.Bool // a Read of a file has not returned
	panicked atomic.Pointer[any]
}

// piece is the result of one Read of the source.
type piece struct {
	n        int
	err      error
	panicked any
}

const pieceSize = 32 << 10

var errClosed = errors.New("the body is closed")

func newStream() *stream {
	return &stream{closed: make(chan struct{}), busy: make(chan struct{}, 1), pieces: make(chan piece, 1)}
}

func (s *stream) Read(p []byte) (int, error) {
	if len(s.rest) == 0 && s.err == nil {
		if err := s.next(); err != nil {
			return 0, err
		}
	}
	n := copy(p, s.rest)
	s.rest = s.rest[n:]
	if len(s.rest) > 0 {
		return n, nil
	}
	return n, s.err
}

// next starts reading the next piece, and waits for it until the body is closed.
func (s *stream) next() error {
	select {
	case <-s.closed:
		return errClosed
	default:
	}
	select {
	case <-s.closed:
		return errClosed
	case s.busy <- struct{}{}:
		go s.read()
	}
	select {
	case <-s.closed:
		return errClosed
	case got := <-s.pieces:
		s.rest, s.err = s.buf[:got.n], got.err
		if got.panicked != nil {
			s.panicked.Store(&got.panicked)
		}
		return nil
	}
}

func (s *stream) read() {
	got := piece{err: fmt.Errorf("%w: its Reader did not return", errUploadFailed)}
	defer func() {
		got.panicked = recover()
		<-s.busy
		s.pieces <- got
	}()
	if s.buf == nil {
		s.buf = make([]byte, pieceSize)
	}
	got.n, got.err = s.source.Read(s.buf)
}

// Close ends the body. It does not wait, since the HTTP transport must not be blocked.
func (s *stream) Close() error {
	s.closing.Do(func() { close(s.closed) })
	return nil
}

// left closes the body, waits for a Read in progress, and reports whether nothing reads
// from the files any more.
func (s *stream) left(ctx context.Context, patience time.Duration) bool {
	_ = s.Close()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case s.busy <- struct{}{}:
		return true
	case <-timer.C:
	case <-ctx.Done():
	}
	return false
}

// sizedStream is a stream whose length is known beforehand.
type sizedStream struct {
	*stream
	size int
}

func (s sizedStream) Len() int { return s.size }

// moving is the body of an upload. Every progress restarts the attempt's timeout, which
// so ends only stalled uploads. It is read in small pieces, since a large piece can
// take long on a slow connection.
type moving struct {
	io.ReadCloser
	wire *wire
}

const movedSize = 4 << 10

func (m moving) Read(p []byte) (int, error) {
	n, err := m.ReadCloser.Read(p[:min(len(p), movedSize)])
	if n > 0 {
		m.wire.clock.restart()
	}
	return n, err
}
