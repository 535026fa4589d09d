// Package job gives the example programs what a long run needs: one run at a time,
// files that are whole or not there, and a display of progress.
package job

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/gofrs/flock"
	"github.com/schollz/progressbar/v3"
)

// Lock keeps a second run away from the same output. It ends with the process.
func Lock(name string) (release func(), err error) {
	for {
		lock := flock.New(name)
		got, err := lock.TryLock()
		switch {
		case err != nil:
			return nil, fmt.Errorf("lock %s: %w", name, err)
		case !got:
			return nil, fmt.Errorf("another run is at work: it holds %s", name)
		case isAt(lock, name):
			return func() {
				_ = os.Remove(name)
				_ = lock.Unlock()
			}, nil
		}
		_ = lock.Unlock() // a run that ended has removed the file that is locked here
	}
}

// isAt reports whether the lock's file is still the one of that name.
func isAt(lock *flock.Flock, name string) bool {
	locked, err := lock.Stat()
	if err != nil {
		return false
	}
	there, err := os.Stat(name)
	return err == nil && os.SameFile(locked, there)
}

// sealed is what stands in the file of a checkpoint. One that was cut or changed by hand
// would lead anywhere.
type sealed struct {
	Sum        string          `json:"sum"` // SHA-256 of Checkpoint
	Checkpoint json.RawMessage `json:"checkpoint"`
}

func sumOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// Load reads a checkpoint. It reports whether there is one.
func Load[T any](name string, into *T) (bool, error) {
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	var found sealed
	if err == nil {
		err = json.Unmarshal(text, &found)
	}
	if err == nil && sumOf(found.Checkpoint) != found.Sum {
		err = errors.New("it was changed or cut, or is of another version of this program")
	}
	if err == nil {
		err = json.Unmarshal(found.Checkpoint, into)
	}
	if err != nil {
		return false, fmt.Errorf("checkpoint %s cannot be read; remove it to start again: %w", name, err)
	}
	return true, nil
}

// Save writes a checkpoint, so that a killed process leaves the old one or the new one.
// Those who save hold the job's lock.
func Save(name string, checkpoint any) error {
	content, err := json.Marshal(checkpoint)
	if err != nil {
		return err
	}
	text, err := json.Marshal(sealed{sumOf(content), content})
	if err != nil {
		return err
	}
	draft := name + ".new"
	f, err := os.OpenFile(draft, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(fmt.Errorf("checkpoint: %w", err), os.Remove(draft))
	}
	return os.Rename(draft, name)
}

// CanReplace returns why a file cannot be replaced by one that is renamed to it: a device
// would be lost.
func CanReplace(name string) error {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err == nil && !info.Mode().IsRegular():
		return fmt.Errorf("%s is a directory, a device or a pipe; name a file", name)
	}
	return err
}

// Continue opens a file and cuts it to size: what was written after that is written
// anew.
func Continue(name string, size int64) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && info.Size() < size {
		err = fmt.Errorf("%s is shorter than its checkpoint says; remove both to start again", name)
	}
	if err == nil {
		err = f.Truncate(size)
	}
	if err == nil {
		_, err = f.Seek(0, io.SeekEnd)
	}
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

// Progress shows how far a run is, how fast it goes and how long it will take. total
// is -1 if it is not known.
func Progress(to io.Writer, what string, total int) *progressbar.ProgressBar {
	return progressbar.NewOptions(total,
		progressbar.OptionSetWriter(to),
		progressbar.OptionSetDescription(what),
		progressbar.OptionShowCount(),
		progressbar.OptionShowIts(),
		progressbar.OptionSetItsString("customers"),
		progressbar.OptionSetPredictTime(true),
		progressbar.OptionThrottle(200*time.Millisecond),
		progressbar.OptionOnCompletion(func() { fmt.Fprintln(to) }),
	)
}
