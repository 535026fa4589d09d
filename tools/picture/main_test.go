package main

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const example = "# one\nstep A & B | <first> |\nstep C | second | an error\nagain C > A & B | once more\n"

func TestDrawsWellFormedXML(t *testing.T) {
	t.Parallel()
	c, err := parse(example)
	if err != nil {
		t.Fatal(err)
	}
	decoder := xml.NewDecoder(strings.NewReader(string(c.draw())))
	texts := ""
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if data, ok := token.(xml.CharData); ok {
			texts += string(data)
		}
	}
	for _, want := range []string{"A & B", "<first>", "second", "an error", "once more"} {
		if !strings.Contains(texts, want) {
			t.Errorf("the picture does not say %q", want)
		}
	}
}

func TestRefusesWhatItCannotDraw(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "step A", "box A | b | c", "step A | b |\nagain A > A | x", "step A | b |\nagain A > Z | x"} {
		if _, err := parse(text); err == nil {
			t.Errorf("%q is drawn", text)
		}
	}
}

func TestCheckFindsAnOldPicture(t *testing.T) {
	t.Parallel()
	from, to := filepath.Join(t.TempDir(), "a.txt"), filepath.Join(t.TempDir(), "a.svg")
	if err := os.WriteFile(from, []byte(example), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := run(from, to, false); err != nil {
		t.Fatal(err)
	}
	if err := run(from, to, true); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(from, []byte(strings.ReplaceAll(example, "second", "third")), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := run(from, to, true); err == nil {
		t.Error("the text has changed, and the check says nothing")
	}
}
