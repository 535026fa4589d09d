package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := exec.Command("git", "init", "-q", dir).CombinedOutput(); err != nil {
		t.Fatal(err, string(out))
	}
	return dir
}

func problems(t *testing.T, files map[string]string) []string {
	t.Helper()
	files["go.mod"] = "module " + module + "\n\ngo 1.26.0\n"
	files["docs/none"] = ""
	files["souk.go"] = "package souk\n\ntype Options struct{ MaxAttempts int }\n"
	found, err := run(write(t, files))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestCodeThatCompilesAndLinksThatLead(t *testing.T) {
	t.Parallel()
	found := problems(t, map[string]string{
		"README.md": "# Title\n\n<!-- given n int -->\n```go\no := souk.Options{MaxAttempts: n}\nif n > 1 {\n\treturn errors.New(fmt.Sprint(o))\n}\n```\n" +
			"[a](docs/a.md#two-words-1), [t](#title), [web](https://example.com/x#y) and `[code](nowhere)`\n",
		"a/doc.go":  "// Package a is.\n//\n//\tf(n)\n//\tn := 1\n//\n// A table:\n//\n//\ta  b\n//\n//souk:given f func(int), n int\npackage a\n",
		"b/doc.go":  "// Package b is.\n//\n//\tf(\n//\npackage b\n",
		"docs/a.md": "## Two words!\n## Two `words`\n```go\npackage main\n\nfunc main() {}\n```\n```go\nfunc TestIt(t *testing.T) { t.Parallel() }\n```\n```sh\n[no](link)\n```\n[up](../README.md)\n",
	})
	if len(found) > 0 {
		t.Error(found)
	}
}

func TestProblemsOfAComment(t *testing.T) {
	t.Parallel()
	found := problems(t, map[string]string{"a/doc.go": "// Package a is.\n//\n//\tf(1, 2)\n//\n//souk:given f func(int)\npackage a\n"})
	if len(found) != 1 || !strings.HasPrefix(found[0], "a/doc.go:3: too many arguments in call to f") {
		t.Error(found)
	}
}

func TestProblems(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"```go\nsouk.Options{}.None()\n```\n":             "README.md:2:",
		"one\n```go\nx := unknown\n```\n":                 "README.md:3: undefined: unknown",
		"```go\nif {\n```\n":                              "README.md:2:",
		"```go\nfunc f() { x := 1 }\n```\n":               "declared and not used: x",
		"```go\npackage p\n\nimport \"none/such\"\n```\n": "none/such",
		"\n[x](none.md)\n":                                "README.md:2: none.md: there is no such file",
		"[x](#none)\n":                                    "README.md:1: #none: there is no such heading",
		"[x](../README.md)\n":                             "there is no such file",
		"<img src=\"none.svg\">\n":                        "none.svg",
		"[x]: none.md\n":                                  "none.md",
		"```go\nfunc TestIt(t *testing.T) {\n\tt.Error(\"wrong\")\n}\n```\n": "README.md:3: wrong",
	} {
		found := problems(t, map[string]string{"README.md": text})
		if !slices.ContainsFunc(found, func(p string) bool { return strings.Contains(p, want) }) {
			t.Errorf("%q: %q does not say %q", text, found, want)
		}
	}
}
