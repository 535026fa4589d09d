package main

import (
	"encoding/json"
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
)

// testDir is where the tests run: a directory that exists and has no code.
const testDir = "docs"

// runTests runs the blocks that are tests, and returns what go test says if it fails.
func runTests(dir string, documents []*document) ([]string, error) {
	temporary, err := os.MkdirTemp("", "markdown")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(temporary)
	replaced := map[string]string{} // files that do not exist, by those that hold their text
	for _, d := range documents {
		for _, b := range d.blocks {
			if !b.isTest() {
				continue
			}
			text, err := toTest(filepath.Join(dir, d.name), b)
			if err != nil {
				return []string{relative(dir, err.Error())}, nil
			}
			name := fmt.Sprintf("block%d_test.go", len(replaced))
			if err := os.WriteFile(filepath.Join(temporary, name), []byte(text), 0o600); err != nil {
				return nil, err
			}
			replaced[filepath.Join(dir, testDir, name)] = filepath.Join(temporary, name)
		}
	}
	if len(replaced) == 0 {
		return nil, nil
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replaced})
	if err != nil {
		return nil, err
	}
	list := filepath.Join(temporary, "overlay.json")
	if err := os.WriteFile(list, overlay, 0o600); err != nil {
		return nil, err
	}
	command := exec.Command("go", "test", "-overlay", list, "./"+testDir)
	command.Dir = dir
	if out, err := command.CombinedOutput(); err != nil {
		return []string{relative(dir, string(out))}, nil
	}
	return nil, nil
}

// toTest makes a test file of a block.
func toTest(name string, b block) (string, error) {
	text := fmt.Sprintf("//line %s:%d\n%s", name, b.line, b.code)
	file, err := parser.ParseFile(token.NewFileSet(), name, "package p\n"+text, 0)
	if err != nil {
		return "", err
	}
	return "package docs\n" + imports(file) + text, nil
}
