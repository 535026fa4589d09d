package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"unicode/utf8"
)

// maxField is how long a field may be.
const maxField = 64 << 10

// table reads a CSV file row by row.
type table struct {
	file    *os.File
	reader  *csv.Reader
	header  []string
	columns []*column
}

// openTable reads the header. The delimiter is a comma, a semicolon or a tab, whichever
// the header has most of.
func openTable(name string) (*table, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	t := &table{file: f}
	if err := t.begin(); err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return t, nil
}

func (t *table) begin() error {
	input := bufio.NewReaderSize(t.file, 64<<10)
	if mark, _ := input.Peek(3); bytes.Equal(mark, []byte("\xef\xbb\xbf")) {
		_, _ = input.Discard(3)
	}
	start, _ := input.Peek(64 << 10)
	line, _, _ := bytes.Cut(start, []byte("\n"))
	t.reader = csv.NewReader(input)
	t.reader.Comma = delimiter(line)
	header, err := t.reader.Read()
	if errors.Is(err, io.EOF) {
		return errors.New("the file is empty")
	}
	if err != nil {
		return fmt.Errorf("the first line: %w", err)
	}
	t.header = header
	t.columns, err = understand(header)
	return err
}

func delimiter(line []byte) rune {
	best := ','
	for _, r := range ";\t" {
		if bytes.Count(line, []byte(string(r))) > bytes.Count(line, []byte(string(best))) {
			best = r
		}
	}
	return best
}

// next returns the fields of the next row, and why they cannot be used. The last error
// is io.EOF, or one that ends the file.
func (t *table) next() (fields []string, refusal error, err error) {
	fields, err = t.reader.Read()
	if wrong, ok := errors.AsType[*csv.ParseError](err); ok {
		if errors.Is(wrong.Err, csv.ErrFieldCount) {
			return fields, fmt.Errorf("has %d fields, the first line has %d", len(fields), len(t.header)), nil
		}
		return fields, fmt.Errorf("line %d: %w", wrong.Line, wrong.Err), nil
	}
	if err != nil {
		return nil, nil, err
	}
	for i, field := range fields {
		switch {
		case len(field) > maxField:
			return cut(fields), fmt.Errorf("%s: is longer than %d KiB", t.header[i], maxField>>10), nil
		case !utf8.ValidString(field):
			return fields, fmt.Errorf("%s: is not UTF-8", t.header[i]), nil
		}
	}
	return fields, nil, nil
}

// cut keeps what is too long out of the second file.
func cut(fields []string) []string {
	for i, field := range fields {
		if len(field) > maxField {
			fields[i] = "(left out)"
		}
	}
	return fields
}

// hash tells one file from another.
func hash(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
