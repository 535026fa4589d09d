package main

import (
	"bytes"
	"io"
	"path/filepath"
	"strings"
	"testing"

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

				if err := run(t.Context(), []string{"-from", from, "-to", to, "-state", state}, &out, io.Discard); err != nil {
					t.Fatal(err)
				}

				want := "25 customers from " + from + " to " + to + ": 25 created, 0 updated, 0 as they were, 0 refused\n"
				if from == "shopline" && to == "salla" { // whose phone numbers in the stand-in are none of Hong Kong's
					want = "25 customers from shopline to salla: 0 created, 0 updated, 0 as they were, 25 refused\n"
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

func TestWhatIsWrongIsSaid(t *testing.T) {
	state := filepath.Join(t.TempDir(), "state")
	if err := job.Save(state, checkpoint{From: "salla", To: "xclade"}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		arguments []string
		want      string
	}{
		{[]string{"-from", "salla", "-to", "salla"}, "two different vendors"},
		{[]string{"-from", "shopify", "-to", "salla"}, `-from: unknown vendor "shopify"`},
		{[]string{"-from", "salla", "-to", "shopify"}, `-to: unknown vendor "shopify"`},
		{[]string{"-from", "xclade", "-to", "salla", "-state", state}, "is of a migration from salla to xclade"},
	} {
		err := run(t.Context(), c.arguments, io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: got %v", c.arguments, err)
		}
	}
}
