package job_test

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/souk-go/souk/examples/internal/job"
)

type checkpoint struct {
	Size   int64          `json:"size"`
	Counts map[string]int `json:"counts"`
}

func TestACheckpointThatWasChangedIsRefused(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "checkpoint")
	want := checkpoint{Size: 7, Counts: map[string]int{"created": 3}}
	if err := job.Save(name, want); err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var got checkpoint
	if there, err := job.Load(name, &got); !there || err != nil || got.Size != 7 || !maps.Equal(got.Counts, want.Counts) {
		t.Errorf("%t %v %v", there, got, err)
	}

	for what, text := range map[string][]byte{
		"empty":             nil,
		"null":              []byte("null"),
		"an empty object":   []byte("{}"),
		"a list":            []byte("[]"),
		"nothing but zeros": make([]byte, 100),
		"cut":               good[:len(good)-9],
		"another size":      bytes.Replace(good, []byte(`"size":7`), []byte(`"size":-1`), 1),
		"no counts":         bytes.Replace(good, []byte(`{"created":3}`), []byte("null"), 1),
		"without its seal":  []byte(`{"size":7,"counts":{"created":3}}`),
	} {
		if err := os.WriteFile(name, text, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := job.Load(name, new(checkpoint)); err == nil || !strings.Contains(err.Error(), "remove it to start again") {
			t.Errorf("%s: got %v", what, err)
		}
	}
}

// A process that is killed leaves its draft, which the next one uses.
func TestADraftThatWasLeftIsUsedAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	name := filepath.Join(dir, "checkpoint")
	if err := os.WriteFile(name+".new", bytes.Repeat([]byte("x"), 1000), 0o600); err != nil {
		t.Fatal(err)
	}

	if err := job.Save(name, checkpoint{Size: 7}); err != nil {
		t.Fatal(err)
	}

	if files, _ := os.ReadDir(dir); len(files) != 1 {
		t.Errorf("files are left behind: %v", files)
	}
	if _, err := job.Load(name, new(checkpoint)); err != nil {
		t.Error(err)
	}
}
