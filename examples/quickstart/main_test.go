package main

import (
	"io"
	"strings"
	"testing"
)

// The tours of this program are tests of the SDK as its users import it.
func TestTours(t *testing.T) {
	for _, tour := range tours {
		t.Run(tour.vendor, func(t *testing.T) {
			r := newReport(t.Output(), tour.vendor, false)
			if err := tour.tour(t.Context(), r); err != nil {
				t.Error(err)
			}
			r.print()
			if len(r.rows) < 5 {
				t.Errorf("the tour has %d steps, want at least 5", len(r.rows))
			}
		})
	}
}

func TestUnknownVendor(t *testing.T) {
	err := run(t.Context(), []string{"sala"}, io.Discard, io.Discard)
	want := `unknown vendor "sala"; there are ` + strings.Join(known(), ", ")
	if err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}

// Credentials in the environment are no leave to write.
func TestARealStoreIsWrittenToOnlyWhenToldSo(t *testing.T) {
	t.Setenv("SALLA_TOKEN", "of-a-real-store")
	t.Setenv("SHOPLINE_HANDLE", "a-real-store")
	t.Setenv("XCLADE_BASE_URL", "https://a-real-store.example")
	for _, tour := range tours {
		r := newReport(t.Output(), tour.vendor, false)
		if err := tour.tour(t.Context(), r); err != nil {
			t.Error(err)
		}
		if r.server != "stand-in" {
			t.Errorf("%s speaks to %s", tour.vendor, r.server)
		}
	}
}

func TestWhatRealNeeds(t *testing.T) {
	t.Setenv("SHOPLINE_HANDLE", "")
	t.Setenv("SHOPLINE_TOKEN", "")
	t.Setenv("SHOPLINE_BASE_URL", "")
	for _, c := range []struct {
		arguments []string
		want      string
	}{
		{[]string{"-real"}, "-real needs the name of a vendor"},
		{[]string{"-real", "shoplazza"}, "shoplazza: the quickstart runs against its stand-in only"},
		{[]string{"-real", "shopline"}, "shopline: invalid; Handle: must be the first label of the store's domain, such as open001 of open001.myshopline.com: " +
			"lower-case letters, digits and hyphens only; Token: exactly one credential is required: Token or TokenSource (none is set)\n" +
			"The store is the one of SHOPLINE_HANDLE and SHOPLINE_TOKEN in the environment"},
	} {
		if err := run(t.Context(), c.arguments, io.Discard, io.Discard); err == nil || err.Error() != c.want {
			t.Errorf("%v: got %v", c.arguments, err)
		}
	}
}
