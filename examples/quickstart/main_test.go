package main

import (
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
	err := run(t.Context(), []string{"sala"}, false)
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
	for _, c := range []struct {
		vendors []string
		want    string
	}{
		{nil, "-real needs the name of a vendor"},
		{[]string{"shoplazza"}, "shoplazza: the quickstart runs against its stand-in only"},
	} {
		if err := run(t.Context(), c.vendors, true); err == nil || err.Error() != c.want {
			t.Errorf("%v: got %v", c.vendors, err)
		}
	}
}
