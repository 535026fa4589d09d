package main

import (
	"slices"
	"testing"
	"testing/fstest"
)

func TestUndocumentedNamesOnlyWhatHasNoComment(t *testing.T) {
	t.Parallel()
	tree := fstest.MapFS{
		"a.go": {Data: []byte(`package a

type Bare struct{}

func (Bare) Method() {}

func (*List[T]) Generic() {}

func (hidden) Method() {}

// List is documented.
type List[T any] struct{}

type hidden struct{}

// The group's comment speaks for its values,
const (
	One = 1
	Two = 2
)

// but not for its types.
type (
	Grouped int
)

var Loose = 1

var Trailing = 1 // Trailing is documented.
`)},
		"a_test.go":      {Data: []byte("package a\n\nfunc InTest() {}\n")},
		"testdata/b.go":  {Data: []byte("package b\n\nfunc InTestdata() {}\n")},
		".hidden/c.go":   {Data: []byte("package c\n\nfunc InHidden() {}\n")},
		"nested/deep.go": {Data: []byte("package nested\n\nfunc Deep() {}\n")},
	}

	found, err := undocumented(tree)
	if err != nil {
		t.Fatal(err)
	}

	want := []string{
		"a.go:3:6: Bare",
		"a.go:5:13: Method",
		"a.go:7:17: Generic",
		"a.go:24:2: Grouped",
		"a.go:27:5: Loose",
		"nested/deep.go:3:6: Deep",
	}
	if !slices.Equal(found, want) {
		t.Errorf("undocumented:\n got %q\nwant %q", found, want)
	}
}

func TestUndocumentedReportsBrokenSource(t *testing.T) {
	t.Parallel()
	tree := fstest.MapFS{"a.go": {Data: []byte("not Go")}}

	found, err := undocumented(tree)

	if err == nil || found != nil {
		t.Errorf("undocumented = %q, %v; want an error", found, err)
	}
}
