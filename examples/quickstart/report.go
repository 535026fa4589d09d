package main

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// report is the table of one tour.
type report struct {
	vendor string
	server string
	real   bool // it is no stand-in
	out    io.Writer
	rows   [][2]string
}

func newReport(out io.Writer, vendor string, atVendor bool) *report {
	r := &report{vendor: vendor, out: out, real: atVendor}
	r.at("stand-in")
	return r
}

// at says which server the tour speaks to.
func (r *report) at(server string) { r.server = server }

// step adds a row: what was done, and what came of it.
func (r *report) step(action, format string, args ...any) {
	r.rows = append(r.rows, [2]string{action, fmt.Sprintf(format, args...)})
}

func (r *report) print() {
	fmt.Fprintf(r.out, "%s (%s)\n", r.vendor, r.server)
	table := tabwriter.NewWriter(r.out, 0, 0, 2, ' ', 0)
	for _, row := range r.rows {
		fmt.Fprintf(table, "  %s\t%s\n", row[0], row[1])
	}
	_ = table.Flush()
	fmt.Fprintln(r.out)
}
