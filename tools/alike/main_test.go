package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// sum is code of more than a hundred tokens.
const sum = `package PACKAGE

type NAME struct{ rows []int }

func (s *NAME) Sum(limit int) (total int, more bool) {
	seen := map[int]bool{}
	for i, row := range s.rows {
		if seen[row] || row < 0 {
			continue
		}
		seen[row] = true
		switch {
		case row > limit && i > 0:
			total += limit * 2
			more = true
		case row == limit:
			total += row + 1
		default:
			total += row
		}
		if total > 1000 && len(seen) > 10 {
			return total - 1000, true
		}
	}
	for key := range seen {
		if key > limit {
			delete(seen, key)
		}
	}
	for i := len(s.rows) - 1; i >= 0; i-- {
		if s.rows[i] > total && s.rows[i] < limit {
			total -= s.rows[i] * 3
		}
		more = more || total < limit
	}
	return total + len(seen), more
}
`

// write makes a module of the vendors and a list.
func write(t *testing.T, files map[string]string) (dir, list string) {
	t.Helper()
	dir = t.TempDir()
	for _, vendor := range vendors {
		if err := os.Mkdir(filepath.Join(dir, vendor), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for path, text := range files {
		path = filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir, filepath.Join(dir, "alike.txt")
}

func summing(name, typ string) string {
	return strings.NewReplacer("PACKAGE", name, "NAME", typ).Replace(sum)
}

func TestWhatStandsInTwoPackagesIsFound(t *testing.T) {
	t.Parallel()
	const pair = "These are alike:\n\tsalla/a.go:5-37 salla.rows.Sum\n\tshopline/shoplinetest/b.go:5-37 shoplinetest.list.Sum"
	const names = "salla.rows.Sum shoplinetest.list.Sum"
	two := map[string]string{
		"salla/a.go":                 summing("salla", "rows"),
		"shopline/shoplinetest/b.go": summing("shoplinetest", "list") + "\nconst last = 1\n",
	}
	tests := map[string]struct {
		files map[string]string
		list  string
		want  string
	}{
		"two packages":        {two, "", pair},
		"with a reason":       {two, "# pairs\n\n" + names + ": it has to be", ""},
		"of another pair":     {two, names + "s: it has to be", pair + "\nLine 1 of the list allows what is not there: " + names + "s"},
		"one package":         {map[string]string{"salla/a.go": summing("salla", "rows"), "salla/b.go": summing("salla", "list")}, "", ""},
		"tests":               {map[string]string{"salla/a.go": summing("salla", "rows"), "shopline/b_test.go": summing("shopline", "list")}, "", ""},
		"an entry of nothing": {nil, names + ": it has to be", "Line 1 of the list allows what is not there: " + names},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, list := write(t, tt.files)
			if err := os.WriteFile(list, []byte(tt.list), 0o644); err != nil {
				t.Fatal(err)
			}
			wrong, err := run(dir, list)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(wrong, "\n"); got != tt.want {
				t.Errorf("got:\n%s\nwant:\n%s", got, tt.want)
			}
		})
	}
}

func TestAListWithoutReasonsIsNone(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"salla.A shopline.A", "salla.A shopline.A:", "salla.A: it has to be"} {
		dir, list := write(t, nil)
		if err := os.WriteFile(list, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := run(dir, list); err == nil {
			t.Errorf("%q is taken for a list", text)
		}
	}
}
