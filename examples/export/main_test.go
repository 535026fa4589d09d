package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/examples/internal/command"
	"github.com/souk-go/souk/examples/internal/job"
	"github.com/souk-go/souk/examples/internal/programs"
	"github.com/souk-go/souk/examples/internal/shops"
)

func TestEveryVendorIsExported(t *testing.T) {
	for _, vendor := range shops.Vendors() {
		for _, ending := range []string{".csv", ".jsonl"} {
			t.Run(vendor+ending, func(t *testing.T) {
				name := filepath.Join(t.TempDir(), "customers"+ending)
				var out bytes.Buffer

				if err := run(t.Context(), []string{"-vendor", vendor, "-out", name}, &out, io.Discard); err != nil {
					t.Fatal(err)
				}

				text, err := os.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				if n := strings.Count(string(text), "@example.test"); n != 25 {
					t.Errorf("%d customers in the file, want 25", n)
				}
				if files, _ := os.ReadDir(filepath.Dir(name)); len(files) != 1 {
					t.Errorf("files are left behind: %v", files)
				}
				if want := "25 customers in " + name + "\n"; out.String() != want {
					t.Errorf("it says %q", out.String())
				}
			})
		}
	}
}

// seed writes a seed file of n customers.
func seed(t *testing.T, n int) string {
	t.Helper()
	var rows []string
	for i := range n {
		rows = append(rows, fmt.Sprintf(`{"email":"c%d@example.test"}`, i))
	}
	name := filepath.Join(t.TempDir(), "seed.json")
	if err := os.WriteFile(name, []byte("["+strings.Join(rows, ",")+"]"), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestAnExportThatIsKilledGoesOn(t *testing.T) {
	const customers = 500
	variables := programs.StandIn(t, "-vendor", "shopline", "-seed", seed(t, customers), "-fault", "operation=Customers.List,times=-1,delay=20ms")
	program := programs.Build(t, "export")
	name := filepath.Join(t.TempDir(), "customers.jsonl")
	arguments := []string{"-vendor", "shopline", "-real", "-unlimited", "-out", name}
	killed := 0
	for killed < 10 && programs.Kill(t, time.Duration(rand.IntN(150))*time.Millisecond, variables, program, arguments...) {
		killed++
	}
	if _, err := os.Stat(name); err == nil && killed > 0 {
		t.Log("it ended before it was killed for the last time")
	}

	text, err := programs.Run(t, variables, program, arguments...)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	times := map[string]int{}
	for decoder := json.NewDecoder(f); ; {
		var row struct{ Customer struct{ Email string } }
		if err := decoder.Decode(&row); err != nil {
			break
		}
		times[row.Customer.Email]++
	}
	for i := range customers {
		if n := times[fmt.Sprintf("c%d@example.test", i)]; n != 1 {
			t.Errorf("customer %d is there %d times", i, n)
		}
	}
	t.Logf("killed %d times", killed)
}

// fake is a list of one row, one that cannot be read, and one more.
type fake struct{}

func (fake) All(context.Context) iter.Seq2[shops.Row, error] {
	return func(yield func(shops.Row, error) bool) {
		_ = yield(shops.Row{Contact: shops.Contact{ID: "1"}, Raw: "first"}, nil) &&
			yield(shops.Row{}, &souk.RowError{Index: 1, ID: "2", Raw: json.RawMessage(`{"id":"2","email":{}}`), Err: errors.New("email: want text")}) &&
			yield(shops.Row{Contact: shops.Contact{ID: "3"}, Raw: "third"}, nil) &&
			yield(shops.Row{Contact: shops.Contact{ID: "1"}, Raw: "first, again"}, nil)
	}
}
func (fake) Position() string { return "behind the last" }
func (fake) Total() int       { return 3 }

func TestRowsThatCannotBeReadAreSetAside(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a.jsonl")
	e := &export{shop: &shops.Shop{Vendor: "fake", Walk: func(string) shops.Walk { return fake{} }}, name: name, progress: io.Discard}

	if err := e.run(t.Context()); err != nil {
		t.Fatal(err)
	}

	err, want := e.report(io.Discard), command.Incomplete("1 rows could not be read: see "+name+".unreadable")
	if !errors.Is(err, want) {
		t.Errorf("it ends with %v", err)
	}
	text, _ := os.ReadFile(name)
	if want := `{"id":"1","customer":"first"}` + "\n" + `{"id":"3","customer":"third"}` + "\n"; string(text) != want {
		t.Errorf("the file has %s", text)
	}
	aside, _ := os.ReadFile(name + ".unreadable")
	if !strings.Contains(string(aside), `"row":{"id":"2","email":{}}`) || strings.Count(string(aside), "\n") != 1 {
		t.Errorf("the second file has %s", aside)
	}
}

func TestAFullDiskLeavesTheCheckpoint(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a.jsonl")
	if err := os.Symlink("/dev/full", name+".part"); err != nil {
		t.Fatal(err)
	}
	e := &export{shop: &shops.Shop{Vendor: "fake", Walk: func(string) shops.Walk { return fake{} }}, name: name, progress: io.Discard}

	err := e.run(t.Context())

	if err == nil {
		t.Error("no error")
	}
	if _, err := os.Stat(name); err == nil {
		t.Error("the file is there")
	}
}

func TestAnExportOfAnotherKindIsNotGoneOnWith(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a.jsonl")
	if err := job.Save(name+".checkpoint", checkpoint{Vendor: "salla", Format: "json", Size: 7}); err != nil {
		t.Fatal(err)
	}

	err := run(t.Context(), []string{"-vendor", "xclade", "-out", name}, io.Discard, io.Discard)

	if err == nil || !strings.Contains(err.Error(), "is of an export of salla to json") {
		t.Errorf("got %v", err)
	}
}

// A pipe, or a device, is not replaced by a file.
func TestNothingButAFileIsReplaced(t *testing.T) {
	dir := t.TempDir()
	err := run(t.Context(), []string{"-vendor", "salla", "-out", dir}, io.Discard, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "name a file") {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(dir + ".part"); err == nil {
		t.Error("something was written beside it")
	}
}

func TestWhatIsWrongIsSaid(t *testing.T) {
	dir := t.TempDir()
	broken := filepath.Join(dir, "broken.jsonl")
	if err := os.WriteFile(broken+".checkpoint", []byte(`{`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		arguments []string
		want      string
	}{
		{[]string{"-vendor", "salla"}, "-out is required"},
		{[]string{"-out", "x"}, "a vendor must be named; there are salla, shopline, shoplazza, xclade"},
		{[]string{"-vendor", "salla", "-out", "x", "more"}, `unknown argument "more"`},
		{[]string{"-vendor", "shopify", "-out", "x"}, `unknown vendor "shopify"`},
		{[]string{"-vendor", "salla", "-out", broken}, "remove it to start again"},
		{[]string{"-vendor", "salla", "-out", filepath.Join(dir, "missing", "x.csv")}, "no such file or directory"},
	} {
		err := run(t.Context(), c.arguments, io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: got %v", c.arguments, err)
		}
	}
}
