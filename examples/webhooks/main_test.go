package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWhatBecomesOfDeliveries(t *testing.T) {
	var out bytes.Buffer
	if err := run(t.Context(), nil, &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`level=INFO msg=delivered vendor=salla topic=customer.created store=1803665367 about="customer 7"`,
		`level=INFO msg=delivered vendor=shopline topic=customers/create store=demo about="customer 42"`,
		`level=INFO msg=delivered vendor=shoplazza topic=customers/create store=demo about="customer 1"`,
	} {
		if n := strings.Count(out.String(), want); n != 1 {
			t.Errorf("%d times, want once: %s", n, want)
		}
	}
	_, table, _ := strings.Cut(out.String(), "\n\n")
	want := `salla      a customer was created        200
salla      the same, delivered again     200
salla      an event that cannot be read  200
salla      forged                        401
shopline   a customer was created        200
shopline   the same, delivered again     200
shopline   an event that cannot be read  200
shopline   forged                        401
shoplazza  a customer was created        200
shoplazza  the same, delivered again     200
shoplazza  an event that cannot be read  200
shoplazza  forged                        401
`
	if table != want {
		t.Errorf("got\n%s\nwant\n%s", table, want)
	}
	if strings.Contains(out.String(), "Sara") {
		t.Error("it prints personal data")
	}
}

// listening starts the server and returns where it listens, and the lines that it prints.
func listening(t *testing.T) (base string, lines <-chan string) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	reader, writer := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := run(ctx, []string{"-listen", "127.0.0.1:0"}, writer, io.Discard)
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
	for range vendors {
		base, _, _ = strings.Cut(strings.TrimPrefix(<-printed, "http://"), "/")
	}
	return "http://" + base, printed
}

// next returns the next line.
func next(t *testing.T, lines <-chan string) string {
	t.Helper()
	line, ok := <-lines
	if !ok {
		t.Fatal("it prints no more")
	}
	return line
}

func sent(t *testing.T, arguments ...string) string {
	t.Helper()
	var out bytes.Buffer
	if err := run(t.Context(), arguments, &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// The server and the sender as two processes have them, over TCP.
func TestDeliveriesThatAreSent(t *testing.T) {
	for _, name := range []string{sallaSecret, shoplineSecret, shoplazzaSecret} {
		t.Setenv(name, "new,old")
	}
	t.Setenv(sallaStrategy, "token")
	base, lines := listening(t)

	// The vendor signs with the old secret for a while.
	t.Setenv(shoplineSecret, "old")
	for vendor, want := range map[string]string{
		"salla":     `vendor=salla topic=customer.created store=1803665367 about="customer 7"`,
		"shopline":  `vendor=shopline topic=customers/create store=demo about="customer 42"`,
		"shoplazza": `vendor=shoplazza topic=customers/create store=demo about="customer 1"`,
	} {
		if got := sent(t, "-send", vendor, "-to", base, "-times", "3"); got != strings.Repeat("200 OK\n", 3) {
			t.Errorf("%s: got %s", vendor, got)
		}
		if line := next(t, lines); !strings.HasSuffix(line, want) {
			t.Errorf("got %s, want %s", line, want)
		}
	}

	file := filepath.Join(t.TempDir(), "event.json")
	if err := os.WriteFile(file, []byte(`{"customer":{"id":"9"}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := sent(t, "-send", "shopline", "-to", base+"/", "-topic", "customers/redact", "-data", file); got != "200 OK\n" {
		t.Errorf("got %s", got)
	}
	if line, want := next(t, lines), `topic=customers/redact store=demo about="erase customer 9"`; !strings.HasSuffix(line, want) {
		t.Errorf("got %s, want %s", line, want)
	}

	t.Setenv(shoplazzaSecret, "stranger")
	if got := sent(t, "-send", "shoplazza", "-to", base); got != "401 Unauthorized\n" {
		t.Errorf("got %s", got)
	}
	if line := next(t, lines); !strings.Contains(line, "level=WARN msg=delivery vendor=shoplazza status=401") {
		t.Errorf("got %s", line)
	}
}

func TestWhatCannotBeDone(t *testing.T) {
	for _, name := range []string{sallaSecret, sallaStrategy, shoplineSecret, shoplazzaSecret} {
		t.Setenv(name, "")
	}
	t.Setenv(shoplineSecret, "secret ")
	const to = "http://127.0.0.1:1"
	for want, arguments := range map[string][]string{
		`unknown argument "serve"`:                                                                            {"serve"},
		"-listen and -send are for two programs":                                                              {"-listen", ":0", "-send", "salla"},
		"-to, -topic, -data and -times go with -send":                                                         {"-to", to},
		"-send must be one of salla, shopline, shoplazza":                                                     {"-send", "xclade", "-to", to},
		"-to must be a URL such as http://127.0.0.1:8080":                                                     {"-send", "salla", "-to", "127.0.0.1:8080"},
		"set SALLA_WEBHOOK_SECRET to the secret to sign with":                                                 {"-send", "salla", "-to", to},
		"-data: open nowhere.json: no such file or directory":                                                 {"-send", "shopline", "-to", to, "-data", "nowhere.json"},
		"shopline: invalid; Secrets: must not hold a secret with blanks around it, or with line breaks in it": {"-send", "shopline", "-to", to},

		"SHOPLINE_APP_SECRET: shopline: invalid; Secrets: must not hold a secret with blanks around it, or with line breaks in it": {"-listen", "127.0.0.1:0"},
	} {
		if err := run(t.Context(), arguments, io.Discard, io.Discard); err == nil || err.Error() != want {
			t.Errorf("%v: got %v, want %s", arguments, err, want)
		}
	}
	t.Setenv(shoplineSecret, "")
	err := run(t.Context(), []string{"-listen", "127.0.0.1:0"}, io.Discard, io.Discard)
	if want := "there is no secret: set SALLA_WEBHOOK_SECRET, SHOPLINE_APP_SECRET or SHOPLAZZA_CLIENT_SECRET"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
