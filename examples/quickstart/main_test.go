package main

import (
	"strings"
	"testing"
)

// The tours of this program are tests of the SDK as its users import it.
func TestTours(t *testing.T) {
	for _, tour := range tours {
		t.Run(tour.vendor, func(t *testing.T) {
			r := newReport(t.Output(), tour.vendor)
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
	err := run(t.Context(), []string{"sala"})
	want := `unknown vendor "sala"; there are ` + strings.Join(known(), ", ")
	if err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}
