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
	"slices"
	"strings"
	"unicode/utf8"
)

// maxField is how long a field may be, maxRow a row: a quote that nothing ends must not
// fill the memory.
const (
	maxField = 64 << 10
	maxRow   = 16 << 20
)

// table reads a CSV file row by row.
type table struct {
	file    *os.File
	base    int64 // where the reader begins
	input   *limited
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
	t.input = &limited{from: t.file, left: maxRow}
	input := bufio.NewReaderSize(t.input, 64<<10)
	if mark, _ := input.Peek(3); bytes.Equal(mark, []byte("\xef\xbb\xbf")) {
		_, _ = input.Discard(3)
		t.base = 3
	}
	start, _ := input.Peek(64 << 10)
	line, _, _ := bytes.Cut(start, []byte("\n"))
	switch {
	case bytes.HasPrefix(start, []byte("\xff\xfe")), bytes.HasPrefix(start, []byte("\xfe\xff")), bytes.IndexByte(line, 0) >= 0:
		return errors.New("it is not UTF-8, but perhaps UTF-16: save it as UTF-8")
	case bytes.IndexByte(bytes.TrimSuffix(line, []byte("\r")), '\r') >= 0:
		return errors.New("its lines end with CR alone: save it with LF or CRLF")
	}
	t.reader = csv.NewReader(input)
	t.reader.Comma = delimiter(line)
	header, err := t.read()
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

// delimiter returns what separates most fields. What stands between quotes does not count.
func delimiter(line []byte) rune {
	counts := map[rune]int{}
	quoted := false
	for _, r := range string(line) {
		switch {
		case r == '"':
			quoted = !quoted
		case !quoted:
			counts[r]++
		}
	}
	best := ','
	for _, r := range ";\t" {
		if counts[r] > counts[best] {
			best = r
		}
	}
	return best
}

// read returns the next row, if it is not too long.
func (t *table) read() ([]string, error) {
	t.input.left = maxRow
	return t.reader.Read()
}

// next returns the fields of the next row, and why they cannot be used. The last error
// is io.EOF, or one that ends the file. Rows without any text, which spreadsheets write,
// are left out like empty lines.
func (t *table) next() (fields []string, refusal error, err error) {
	for {
		fields, refusal, err = t.row()
		if err != nil || slices.ContainsFunc(fields, func(field string) bool { return strings.TrimSpace(field) != "" }) {
			return fields, refusal, err
		}
	}
}

func (t *table) row() (fields []string, refusal error, err error) {
	start := t.reader.InputOffset()
	fields, err = t.read()
	if wrong, ok := errors.AsType[*csv.ParseError](err); ok {
		return t.misformed(fields, wrong, start)
	}
	if errors.Is(err, errTooLong) {
		return nil, nil, fmt.Errorf("the row that begins at byte %d is longer than %d MiB: perhaps a quote is missing", t.base+start, maxRow>>20)
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

// misformed refuses a row that is not CSV. Where quotes go wrong over several lines nobody
// can say which rows they were.
func (t *table) misformed(fields []string, wrong *csv.ParseError, start int64) ([]string, error, error) {
	if errors.Is(wrong.Err, csv.ErrFieldCount) {
		return cut(fields), fmt.Errorf("has %d fields, the first line has %d", len(fields), len(t.header)), nil
	}
	if wrong.StartLine != wrong.Line {
		return nil, nil, fmt.Errorf("a quote goes wrong between the lines %d and %d: mend them first", wrong.StartLine, wrong.Line)
	}
	line := make([]byte, min(t.reader.InputOffset()-start, maxField))
	n, _ := t.file.ReadAt(line, t.base+start)
	return []string{string(bytes.Trim(line[:n], "\r\n"))}, fmt.Errorf("line %d: %w", wrong.Line, wrong.Err), nil
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

// count looks through a whole file before anything is sent, and returns how many rows it
// has.
func count(name string) (rows int, err error) {
	t, err := openTable(name)
	if err != nil {
		return 0, err
	}
	defer t.file.Close()
	for {
		_, _, err := t.next()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return rows, fmt.Errorf("%s: %w", name, err)
		}
		rows++
	}
}

var errTooLong = errors.New("a row is too long")

// limited reads no more than a row may have.
type limited struct {
	from io.Reader
	left int
}

func (l *limited) Read(to []byte) (int, error) {
	if l.left <= 0 {
		return 0, errTooLong
	}
	n, err := l.from.Read(to)
	l.left -= n
	return n, err
}

// hash returns a hash of a file.
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
