package auth

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"

	"golang.org/x/oauth2"
)

type fileStore struct {
	dir string
}

// NewFileStore returns a store of files in dir: one per key, readable by its owner
// only, replaced as a whole, and locked among processes of one machine. It keeps the
// exported fields of a token, not what [oauth2.Token.Extra] returns. A lock ends with
// the process that holds it. A token that a killed process was about to save is removed
// by the next that saves or deletes one under its key. The first Update creates the
// directory when it is missing.
func NewFileStore(dir string) Store {
	return &fileStore{dir: dir}
}

// Load reads the token that is kept under key. It returns nil and no error
// when there is no file, and an error that names the file when its content is
// not a token.
func (s *fileStore) Load(ctx context.Context, key string) (*oauth2.Token, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	name := s.path(key)
	data, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("auth: read token file: %w", err)
	}
	var t *oauth2.Token
	if json.Unmarshal(data, &t) != nil || t == nil {
		// The decoder's own error quotes the content.
		return nil, fmt.Errorf("auth: token file %s does not hold a token in JSON", name)
	}
	return t, nil
}

// Update implements [Store]. It waits for the key's lock until ctx ends; a
// token that f returned is saved even then.
func (s *fileStore) Update(ctx context.Context, key string, f func(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error)) (err error) {
	unlock, err := s.lock(ctx, key)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()

	current, err := s.Load(ctx, key)
	if err != nil {
		return err
	}
	t, err := f(ctx, current)
	if err != nil || t == nil {
		return err
	}
	return s.save(key, t)
}

// Delete implements [Store]. The file of the lock stays.
func (s *fileStore) Delete(ctx context.Context, key string) (err error) {
	if _, err := os.Stat(s.dir); errors.Is(err, fs.ErrNotExist) {
		return ctx.Err()
	}
	unlock, err := s.lock(ctx, key)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := errors.Join(remove(s.path(key)), remove(s.draft(key))); err != nil {
		return fmt.Errorf("auth: delete token: %w", err)
	}
	syncDir(s.dir)
	return nil
}

// remove removes a file, if there is one.
func remove(name string) error {
	if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// save replaces the file of key, so that a reader sees the old token or the
// new one and a crash leaves one of both.
func (s *fileStore) save(key string, t *oauth2.Token) (err error) {
	data, err := json.Marshal(t)
	if err != nil {
		// A year beyond 9999 is all that cannot be encoded.
		return fmt.Errorf("auth: token of %q cannot be encoded", key)
	}
	draft := s.draft(key)
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("auth: save token: %w", err), remove(draft))
		}
	}()
	if err := write(draft, data); err != nil {
		return err
	}
	if err := os.Rename(draft, s.path(key)); err != nil {
		return err
	}
	syncDir(s.dir)
	return nil
}

// write writes a new file, also where a killed process has left one.
func write(name string, data []byte) error {
	if err := remove(name); err != nil {
		return err
	}
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	return errors.Join(err, file.Sync(), file.Close())
}

// syncDir makes a rename durable where the system can do that; where it
// cannot, the rename itself has still happened.
func syncDir(dir string) {
	d, err := os.Open(dir)
	if err != nil {
		return
	}
	_ = d.Sync()
	_ = d.Close()
}

// plainKey matches keys that are their own file name on every system, also
// where case is ignored.
var plainKey = regexp.MustCompile(`^[a-z0-9_-][a-z0-9._-]{0,99}$`)

// path names the file of key; all other keys are named by their hash, behind
// a tilde that no plain key has.
func (s *fileStore) path(key string) string {
	if plainKey.MatchString(key) {
		return filepath.Join(s.dir, "token-"+key+".json")
	}
	sum := sha256.Sum256([]byte(key))
	return filepath.Join(s.dir, "token~"+hex.EncodeToString(sum[:])+".json")
}

// draft returns the name of the file that becomes the file of key. The holder of the
// key's lock may write it.
func (s *fileStore) draft(key string) string { return s.path(key) + ".new" }
