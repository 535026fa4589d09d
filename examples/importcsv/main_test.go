package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
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

func file(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "in.csv")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func incomplete(err error) bool {
	_, is := errors.AsType[command.Incomplete](err)
	return is
}

const five = "\xef\xbb\xbfE-Mail;First Name;Phone;Tags\r\n" +
	"ada@example.test;Ada;0301234567;\"a,b\"\r\n" +
	"\"grace@example.test\";\"Grace\r\nHopper\";+49301234568;\r\n" +
	"nobody;x;;\r\n" +
	"bad@example.test;\xff\xfe;;\r\n" +
	"ada@example.test;Ada;0301234567;\"a,b\"\r\n"

func TestEveryVendorTakesAFile(t *testing.T) {
	for _, vendor := range shops.Vendors() {
		t.Run(vendor, func(t *testing.T) {
			name := file(t, five)
			var out bytes.Buffer

			err := run(t.Context(), []string{"-vendor", vendor, "-in", name, "-region", "DE"}, &out, io.Discard)

			if want := command.Incomplete("2 rows were refused: see " + name + "." + vendor + ".rejected.csv"); !errors.Is(err, want) {
				t.Fatal(err)
			}

			if want := "5 rows: 2 created, 0 updated, 1 as they were, 2 refused: see " + name + "." + vendor + ".rejected.csv\n"; !strings.HasPrefix(out.String(), want) {
				t.Errorf("it says %q", out.String())
			}
			rejected, _ := os.ReadFile(name + "." + vendor + ".rejected.csv")
			want := "E-Mail,First Name,Phone,Tags,reason\nnobody,x,,,email: must contain an @\nbad@example.test,\xff\xfe,,,First Name: is not UTF-8\n"
			if string(rejected) != want {
				t.Errorf("the second file has %q", rejected)
			}
		})
	}
}

func TestADryRunSendsNothing(t *testing.T) {
	name := file(t, strings.Replace(five, "Tags", "Company", 1))
	var out bytes.Buffer

	err := run(t.Context(), []string{"-vendor", "salla", "-in", name, "-region", "DE", "-dry-run"}, &out, io.Discard)

	if !errors.Is(err, command.Incomplete("2 rows cannot be sent")) {
		t.Fatal(err)
	}

	want := "row 3: email: must contain an @\nrow 4: First Name: is not UTF-8\n5 rows: 3 can be sent to salla, 2 cannot\nsalla has no room for company: left out in 2 rows\n"
	if out.String() != want {
		t.Errorf("it says %q", out.String())
	}
	if files, _ := os.ReadDir(filepath.Dir(name)); len(files) != 1 {
		t.Errorf("files are left behind: %v", files)
	}
}

func TestOddFiles(t *testing.T) {
	many := make([]string, 1000)
	for i := range many {
		many[i] = fmt.Sprint("x", i)
	}
	for name, c := range map[string]struct{ text, want string }{
		"empty":              {"", "the file is empty"},
		"no rows":            {"email\n", "0 rows: 0 can be sent"},
		"1,000 columns":      {strings.Join(many, ",") + "\n", `columns that are not understood: ["x0" "x1" "x2" "x3" "x4" "x5" "x6" "x7"] and 992 more`},
		"twice":              {"email,E-Mail\n", `columns that are there twice: ["E-Mail"]`},
		"nobody":             {"first_name\nAda\n", "there is neither email nor phone"},
		"a row of 10 MiB":    {"email,note\na@example.test," + strings.Repeat("x", 10<<20) + "\n", "row 1: note: is longer than 64 KiB"},
		"too many fields":    {"email\na@example.test,b\n", "row 1: has 2 fields, the first line has 1"},
		"a quote that ends":  {"email\n\"a@example.test\"x\nb@example.test\n", "row 1: line 2: extraneous or missing \" in quoted-field"},
		"tabs":               {"email\tphone\na@example.test\t+966555555555\n", "1 rows: 1 can be sent"},
		"a quote over rows":  {"email,note\na@example.test,\"A\nb@example.test,B\nc@example.test,\"C\n", "a quote goes wrong between the lines 2 and 4"},
		"a quote to the end": {"email,note\na@example.test,\"" + strings.Repeat("x\n", 10<<20), "the row that begins at byte 11 is longer than 16 MiB"},
		"UTF-16":             {"\xff\xfee\x00m\x00\n\x00", "save it as UTF-8"},
		"UTF-16 without BOM": {"e\x00m\x00\n\x00", "save it as UTF-8"},
		"CR alone":           {"email\ra@example.test\r", "its lines end with CR alone"},
		"a quoted semicolon": {"email,\"a;b;c\"\n", `columns that are not understood: ["a;b;c"]`},
		"what was refused":   {"email,reason\na@example.test,no\n", "1 rows: 1 can be sent"},
		"rows of blanks":     {"email,phone\n,\n , \na@example.test,\n,,,\n\n", "1 rows: 1 can be sent to shopline, 0 cannot"},
		"a wrong phone":      {"email,phone\na@example.test,12\n", "row 1: phone: no number that can be called"},
		"a wrong date":       {"email,birthday\na@example.test,03.06.1997\n", "row 1: birthday: must be of the form"},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer

			err := run(t.Context(), []string{"-vendor", "shopline", "-in", file(t, c.text), "-dry-run"}, &out, io.Discard)

			if text := fmt.Sprint(out.String(), err); !strings.Contains(text, c.want) {
				t.Errorf("got %.300q, want %q in it", text, c.want)
			}
		})
	}
}

// What is no CSV goes whole to the second file. Each vendor has one.
func TestARefusedRowIsKeptAsItCame(t *testing.T) {
	name := file(t, "\xef\xbb\xbfemail,first_name\r\na@example.test,A\"b\r\nc@example.test,C\r\n")
	for _, vendor := range []string{"shopline", "xclade"} {
		if err := run(t.Context(), []string{"-vendor", vendor, "-in", name}, io.Discard, io.Discard); !incomplete(err) {
			t.Fatal(err)
		}
		rejected, _ := os.ReadFile(name + "." + vendor + ".rejected.csv")
		if want := "email,first_name,reason\n\"a@example.test,A\"\"b\",\"line 2: bare \"\" in non-quoted-field\"\n"; string(rejected) != want {
			t.Errorf("the second file has %q", rejected)
		}
	}
}

// Rows about one person are sent in their order, so that there is one of them, as the last
// row says.
func TestRowsAboutOnePersonDoNotOvertake(t *testing.T) {
	var text strings.Builder
	text.WriteString("email,first_name\n")
	for i := range 50 {
		fmt.Fprintf(&text, "Case%d@example.test,A\ncase%d@example.test,B\nCASE%d@EXAMPLE.test,C\n", i, i, i)
	}
	shop, err := shops.Open("xclade", shops.How{})
	if err != nil {
		t.Fatal(err)
	}
	defer shop.Close()
	i := &importer{settings: settings{in: file(t, text.String()), workers: 8}, shop: shop, out: io.Discard, progress: io.Discard}

	if err := i.run(t.Context()); err != nil {
		t.Fatal(err)
	}

	people := 0
	for row, err := range shop.Walk("").All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if people++; row.Contact.FirstName != "C" {
			t.Errorf("%s is called %s", row.Contact.Email, row.Contact.FirstName)
		}
	}
	if people != 50 {
		t.Errorf("there are %d people, want 50", people)
	}
}

// A file that goes wrong in the middle is found out before anything is sent.
func TestNothingIsSentOfAFileThatCannotBeReadToItsEnd(t *testing.T) {
	name := file(t, "email,note\na@example.test,A\nb@example.test,\"B\nc@example.test,C\n")
	shop := &shops.Shop{Vendor: "none", Upsert: func(context.Context, shops.Contact) (souk.Change, error) {
		t.Error("a row was sent")
		return souk.Created, nil
	}}
	i := &importer{settings: settings{in: name, workers: 1}, shop: shop, out: io.Discard, progress: io.Discard}

	if err := i.run(t.Context()); err == nil || !strings.Contains(err.Error(), "a quote goes wrong between the lines 3 and 4") {
		t.Errorf("got %v", err)
	}
}

func TestAnImportOfAnotherFileIsNotGoneOnWith(t *testing.T) {
	name := file(t, "email\na@example.test\n")
	if err := job.Save(name+".shopline.checkpoint", checkpoint{Vendor: "shopline", File: "of another"}); err != nil {
		t.Fatal(err)
	}

	err := run(t.Context(), []string{"-vendor", "shopline", "-in", name}, io.Discard, io.Discard)

	if err == nil || !strings.Contains(err.Error(), "is of another content of "+name) {
		t.Errorf("got %v", err)
	}
}

func TestAnImportIntoAnotherStoreIsNotGoneOnWith(t *testing.T) {
	name := file(t, "email\na@example.test\n")
	sum, err := hash(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := job.Save(name+".shopline.checkpoint", checkpoint{Vendor: "shopline", File: sum, Store: "another", Done: 1}); err != nil {
		t.Fatal(err)
	}

	err = run(t.Context(), []string{"-vendor", "shopline", "-in", name}, io.Discard, io.Discard)

	if err == nil || !strings.Contains(err.Error(), "is of another store") {
		t.Errorf("got %v", err)
	}
}

// A customer who is there and cannot be read does not end the import, and what a run that
// was ended has left out is counted.
func TestARowAboutSomebodyUnreadableIsSetAside(t *testing.T) {
	name := file(t, "email,note\na@example.test,A\nb@example.test,B\nc@example.test,C\n")
	away := true
	shop := &shops.Shop{Vendor: "none", Upsert: func(_ context.Context, c shops.Contact) (souk.Change, error) {
		switch {
		case c.Email == "b@example.test":
			return "", &souk.RowError{ID: "7", Err: &souk.Error{Vendor: "none", Err: souk.ErrUnreadable}}
		case c.Email == "c@example.test" && away:
			return "", &souk.Error{Vendor: "none", Err: souk.ErrUnavailable}
		}
		return souk.Created, nil
	}}
	var out bytes.Buffer
	again := func() error {
		i := &importer{settings: settings{in: name, workers: 1}, shop: shop, out: &out, progress: io.Discard}
		return i.run(t.Context())
	}

	if err := again(); err == nil || !strings.Contains(err.Error(), "go on behind row 2") {
		t.Fatalf("got %v", err)
	}
	away = false
	if err := again(); !incomplete(err) {
		t.Fatal(err)
	}

	want := "3 rows: 2 created, 0 updated, 0 as they were, 1 refused: see " + name + ".none.rejected.csv\nnone has no room for email: left out in 2 rows\nnone has no room for note: left out in 2 rows\n"
	if out.String() != want {
		t.Errorf("it says %q", out.String())
	}
}

func TestTwoRunsAtOnceAreRefused(t *testing.T) {
	name := file(t, "email\na@example.test\n")
	release, err := job.Lock(name + ".lock")
	if err != nil {
		t.Fatal(err)
	}
	defer release()

	err = run(t.Context(), []string{"-vendor", "shopline", "-in", name}, io.Discard, io.Discard)

	if err == nil || !strings.Contains(err.Error(), "another run is at work") {
		t.Errorf("got %v", err)
	}
}

func TestAnImportThatIsKilledLeavesOutNobodyAndMakesNobodyTwice(t *testing.T) {
	const customers = 400
	var text strings.Builder
	text.WriteString("email,first_name\n")
	for i := range customers {
		fmt.Fprintf(&text, "c%d@example.test,Ada\n", i)
	}
	name := file(t, text.String())
	variables := programs.StandIn(t, "-vendor", "xclade", "-fault", "operation=Customers.Create,times=-1,delay=5ms")
	program := programs.Build(t, "importcsv")
	arguments := []string{"-vendor", "xclade", "-real", "-unlimited", "-in", name}
	killed := 0
	for killed < 10 && programs.Kill(t, time.Duration(rand.IntN(200))*time.Millisecond, variables, program, arguments...) {
		killed++
	}

	said, err := programs.Run(t, variables, program, arguments...)
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	exported := filepath.Join(t.TempDir(), "out.csv")
	if said, err := programs.Run(t, variables, programs.Build(t, "export"), "-vendor", "xclade", "-real", "-out", exported); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	there, err := os.ReadFile(exported)
	if err != nil {
		t.Fatal(err)
	}
	for i := range customers {
		if n := strings.Count(string(there), fmt.Sprintf(",c%d@example.test,", i)); n != 1 {
			t.Errorf("customer %d is there %d times", i, n)
		}
	}
	t.Logf("killed %d times", killed)
}

func TestWhatIsWrongIsSaid(t *testing.T) {
	name := file(t, "email\na@example.test\n")
	for _, c := range []struct {
		arguments []string
		want      string
	}{
		{nil, "-in is required\na vendor must be named"},
		{[]string{"-vendor", "salla", "-in", name, "-region", "XX"}, "-region must be two letters of a country"},
		{[]string{"-vendor", "salla", "-in", name, "-workers", "65"}, "-workers must be from 1 to 64"},
		{[]string{"-vendor", "salla", name}, `unknown argument "`},
	} {
		err := run(t.Context(), c.arguments, io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: got %v", c.arguments, err)
		}
	}
	if err := run(t.Context(), []string{"-vendor", "salla", "-in", name, "-region", "sa"}, io.Discard, io.Discard); !incomplete(err) { // Salla wants a phone
		t.Error(err)
	}
}
