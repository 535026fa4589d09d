package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/examples/internal/command"
	"github.com/souk-go/souk/examples/internal/job"
	"github.com/souk-go/souk/examples/internal/shops"
)

func TestEveryPairOfVendors(t *testing.T) {
	for _, from := range shops.Vendors() {
		for _, to := range shops.Vendors() {
			if from == to {
				continue
			}
			t.Run(from+" to "+to, func(t *testing.T) {
				var out bytes.Buffer
				state := filepath.Join(t.TempDir(), "state")

				err := run(t.Context(), []string{"-from", from, "-to", to, "-state", state}, &out, io.Discard)

				want, ends := "25 customers from "+from+" to "+to+": 25 created, 0 updated, 0 as they were, 0 refused\n", error(nil)
				if from == "shopline" && to == "salla" { // whose phone numbers in the stand-in are none of Hong Kong's
					want = "25 customers from shopline to salla: 0 created, 0 updated, 0 as they were, 25 refused\n"
					ends = command.Incomplete("25 customers were refused")
				}
				if !errors.Is(err, ends) {
					t.Fatal(err)
				}
				if !strings.HasPrefix(out.String(), want) {
					t.Errorf("it says %q", out.String())
				}
			})
		}
	}
}

// A second time nothing is left to do.
func TestAMigrationCanBeRepeated(t *testing.T) {
	source, err := shops.Open("shopline", shops.How{Seed: 25})
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	target, err := shops.Open("xclade", shops.How{})
	if err != nil {
		t.Fatal(err)
	}
	defer target.Close()
	var out bytes.Buffer
	for range 2 {
		m := &migration{source: source, target: target, state: filepath.Join(t.TempDir(), "state"), out: &out, progress: io.Discard}
		if err := m.run(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if want := "25 customers from shopline to xclade: 0 created, 0 updated, 25 as they were, 0 refused\n"; !strings.HasSuffix(out.String(), want) {
		t.Errorf("it says %q", out.String())
	}
}

// Groups of one vendor are tags of another.
func TestTagsAndGroupsCome(t *testing.T) {
	for _, from := range shops.Vendors() {
		for _, to := range shops.Vendors() {
			if from == to {
				continue
			}
			t.Run(from+" to "+to, func(t *testing.T) {
				source, target := open(t, from), open(t, to)
				for _, c := range []shops.Contact{
					{Email: "ada@example.test", FirstName: "Ada", Tags: []string{"VIP", "new customers"}},
					{Email: "grace@example.test", FirstName: "Grace", Tags: []string{"VIP"}},
					{Email: "mei@example.test", FirstName: "Mei"},
				} {
					if _, err := source.Upsert(t.Context(), c); err != nil {
						t.Fatal(err)
					}
				}
				var out bytes.Buffer
				for range 2 {
					out.Reset()
					m := &migration{source: source, target: target, state: filepath.Join(t.TempDir(), "state"), out: &out, progress: io.Discard}
					if err := m.run(t.Context()); err != nil {
						t.Fatal(err)
					}
				}

				if want := "3 customers from " + from + " to " + to + ": 0 created, 0 updated, 3 as they were, 0 refused\n"; !strings.HasPrefix(out.String(), want) {
					t.Errorf("a second time it says %q", out.String())
				}
				if strings.Contains(out.String(), "no room for tags") {
					t.Error(out.String())
				}
				got := map[string]string{}
				for row, err := range target.Walk("").All(t.Context()) {
					if err != nil {
						t.Fatal(err)
					}
					slices.Sort(row.Contact.Tags)
					got[row.Contact.Email] = strings.Join(row.Contact.Tags, ", ")
				}
				want := map[string]string{"ada@example.test": "VIP, new customers", "grace@example.test": "VIP", "mei@example.test": ""}
				if !maps.Equal(got, want) {
					t.Errorf("got %v", got)
				}
			})
		}
	}
}

func open(t *testing.T, vendor string) *shops.Shop {
	t.Helper()
	shop, err := shops.Open(vendor, shops.How{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(shop.Close)
	return shop
}

// Somebody at the target who cannot be read does not end the migration.
func TestSomebodyUnreadableIsRefused(t *testing.T) {
	source, err := shops.Open("shopline", shops.How{Seed: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	target := &shops.Shop{Vendor: "none", Upsert: func(context.Context, shops.Contact) (souk.Change, error) {
		return "", &souk.RowError{ID: "7", Err: &souk.Error{Vendor: "none", Err: souk.ErrUnreadable}}
	}}
	var out bytes.Buffer
	m := &migration{source: source, target: target, state: filepath.Join(t.TempDir(), "state"), out: &out, progress: io.Discard}

	if err := m.run(t.Context()); !errors.Is(err, command.Incomplete("2 customers were refused")) {
		t.Fatal(err)
	}

	if !strings.HasPrefix(out.String(), "2 customers from shopline to none: 0 created, 0 updated, 0 as they were, 2 refused\n") {
		t.Errorf("it says %q", out.String())
	}
}

// closed is a pipe whose reader has ended.
type closed struct{}

func (closed) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// The report is all that names those who were refused, so it can be had again.
func TestAReportThatCannotBeWrittenIsKept(t *testing.T) {
	source, err := shops.Open("shopline", shops.How{Seed: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	asked := 0
	target := &shops.Shop{Vendor: "none", Upsert: func(context.Context, shops.Contact) (souk.Change, error) {
		asked++
		return "", &souk.Error{Vendor: "none", Err: souk.ErrInvalid}
	}}
	m := &migration{source: source, target: target, state: filepath.Join(t.TempDir(), "state"), out: closed{}, progress: io.Discard}
	if err := m.run(t.Context()); !errors.Is(err, io.ErrClosedPipe) {
		t.Fatal(err)
	}

	var out bytes.Buffer
	m.out = &out
	if err := m.run(t.Context()); !errors.Is(err, command.Incomplete("2 customers were refused")) {
		t.Fatal(err)
	}

	if asked != 2 || !strings.Contains(out.String(), "2 refused\nrefused: ") {
		t.Errorf("asked %d times; it says %q", asked, out.String())
	}
}

func TestWhatIsWrongIsSaid(t *testing.T) {
	state := filepath.Join(t.TempDir(), "state")
	if err := job.Save(state, checkpoint{From: "salla", To: "xclade", Target: "another"}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		arguments []string
		want      string
	}{
		{nil, "-from: a vendor must be named"},
		{[]string{"-from", "salla", "-to", "salla"}, "two different vendors"},
		{[]string{"-from", "salla", "-to", "xclade", "more"}, `unknown argument "more"`},
		{[]string{"-from", "salla", "-to", "xclade", "-state", ""}, "-state must name a file"},
		{[]string{"-from", "shopify", "-to", "salla"}, `-from: unknown vendor "shopify"`},
		{[]string{"-from", "salla", "-to", "shopify"}, `-to: unknown vendor "shopify"`},
		{[]string{"-from", "salla", "-to", "xclade", "-state", state}, "is of other stores"},
		{[]string{"-from", "xclade", "-to", "salla", "-state", state}, "is of a migration from salla to xclade"},
	} {
		err := run(t.Context(), c.arguments, io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: got %v", c.arguments, err)
		}
	}
}
