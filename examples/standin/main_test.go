package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"flag"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// began starts the program and returns its base URL and the lines that it prints.
func began(t *testing.T, arguments ...string) (base string, lines <-chan string) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	reader, writer := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := run(ctx, arguments, writer, io.Discard)
		_ = writer.CloseWithError(err)
		ended <- err
	}()
	printed := make(chan string, 100)
	go func() {
		defer close(printed)
		for scanner := bufio.NewScanner(reader); scanner.Scan(); {
			printed <- scanner.Text()
		}
	}()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("it ended with %v", err)
		}
	})
	for line := range printed {
		if _, url, ok := strings.Cut(line, "_BASE_URL="); ok {
			return url, printed
		}
	}
	t.Fatal("it says not where it listens")
	return "", nil
}

func seedFile(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "customers.json")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestAProgramInAnyLanguageFindsTheSeed(t *testing.T) {
	for vendor, seed := range map[string]string{
		"salla":         `[{"first_name":"Ada","email":"ada@example.test"}]`,
		"commercengine": `[{"FirstName":"Asha","Email":"asha@example.test","Phone":"9876543210"}]`,
		"shopline":      `[{"email":"ada@example.test"}]`,
		"shoplazza":     `[{"email":"ada@example.test"}]`,
		"xclade":        `[{"email":"ada@example.test"}]`,
	} {
		t.Run(vendor, func(t *testing.T) {
			base, lines := began(t, "-vendor", vendor, "-seed", seedFile(t, seed))
			resp, err := http.Get(base + "/nowhere?token=planted")
			if err != nil {
				t.Fatal(err)
			}
			_ = resp.Body.Close()

			for line := range lines {
				if strings.Contains(line, "planted") {
					t.Errorf("the log has %q", line)
				}
				if strings.Contains(line, "GET /nowhere ") {
					return
				}
			}
			t.Error("the request is not in the log")
		})
	}
}

func TestAFaultIsMet(t *testing.T) {
	base, _ := began(t, "-vendor", "xclade", "-fault", "operation=Customers.List,status=503,retry-after=7,body=sorry")

	resp, err := http.Get(base + "/admin/customers")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)

	if resp.StatusCode != 503 || resp.Header.Get("Retry-After") != "7" || string(body) != "sorry" {
		t.Errorf("got %d %q %q", resp.StatusCode, resp.Header.Get("Retry-After"), body)
	}
}

func TestOperationsAreListed(t *testing.T) {
	var out bytes.Buffer
	if err := run(t.Context(), []string{"-vendor", "shopline", "-operations"}, &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "Customers.Create\n") {
		t.Errorf("got %s", out.String())
	}
}

func TestWhatIsWrongIsSaid(t *testing.T) {
	for _, c := range []struct {
		arguments []string
		want      string
	}{
		{nil, "-vendor must be one of salla, commercengine, shopline, shoplazza, xclade"},
		{[]string{"-vendor", "shopify"}, "-vendor must be one of"},
		{[]string{"-vendor", "salla", "extra"}, `unknown argument "extra"`},
		{[]string{"-vendor", "salla", "-customers", "-1"}, "-customers must be from 0 to 100000"},
		{[]string{"-vendor", "salla", "-addr", "0.0.0.0:0"}, "0.0.0.0 is not a loopback address"},
		{[]string{"-vendor", "salla", "-addr", "nowhere"}, "-addr: "},
		{[]string{"-vendor", "salla", "-fault", "operation=Customers.Nothing"}, `salla has no operation "Customers.Nothing"`},
		{[]string{"-vendor", "salla", "-fault", "status=99"}, "must be an HTTP status"},
		{[]string{"-vendor", "salla", "-fault", "stauts=503"}, "stauts: no such setting"},
		{[]string{"-vendor", "salla", "-seed", "missing.json"}, "-seed: open missing.json"},
		{[]string{"-vendor", "salla", "-seed", seedFile(t, `{}`)}, "must be a JSON list of customers"},
		{[]string{"-vendor", "xclade", "-seed", seedFile(t, `[{"email":"a@example.test"},{"e_mail":"b"}]`)}, `customer 2: json: unknown field "e_mail"`},
		{[]string{"-vendor", "xclade", "-seed", seedFile(t, `[{"email":"a@example.test"},{"email":"a@example.test"}]`)}, "customer 2: xclade: POST /admin/customers"},
	} {
		err := run(t.Context(), c.arguments, io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: got %v, want %q in it", c.arguments, err, c.want)
		}
	}
	if err := run(t.Context(), []string{"-help"}, io.Discard, io.Discard); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("-help: %v", err)
	}
}
