package testkit

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
)

// OddRows tests how rows of type T are read if one value is of another kind than its
// field. Every field is tried with every kind, by the JSON tags of T.
type OddRows[T any] struct {
	// Answer is an answer with a page of rows, which %s stands for.
	Answer string
	// Path leads to the rows in it: "data.customers".
	Path string
	// ID is the JSON name of the member that identifies a row, "" if none does.
	ID string
	// Single means that the answer is about one object.
	Single bool
	// Asked are the ids in the call's path, by the JSON names of their fields. An answer
	// with another id is about somebody else.
	Asked map[string]string
	// Client returns a function that makes the call and reads the answer.
	Client func(*http.Client, *souk.Observer) func(context.Context) ([]T, error)
	// Own says what some values mean in fields with decoders, "" for nothing, without
	// drift. Other values mean the same as in all fields.
	Own map[string]map[string]string
	// Finish does what the package does to a decoded row.
	Finish func(row *T)
}

// Test carries out the test in a bubble of fake time, in which no quota takes time.
func (o OddRows[T]) Test(t *testing.T) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var (
			body  string
			drift []souk.Drift
		)
		read := o.Client(
			&http.Client{Transport: answering(func(r *http.Request) (*http.Response, error) {
				return &http.Response{
					StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
					Body: io.NopCloser(strings.NewReader(body)), Request: r,
				}, nil
			})},
			&souk.Observer{Drift: func(_ context.Context, d souk.Drift) { drift = append(drift, d) }},
		)
		sample := sampleOf(reflect.TypeFor[T](), "", "", nil)
		for _, field := range sample.fields(nil) {
			if id, ok := o.Asked[field.path]; ok && field.typ.Kind() == reflect.String {
				field.leaf = strconv.Quote(id)
			}
		}
		run := func(row, path string) ([]T, error) {
			body = fmt.Sprintf(o.Answer, row)
			if !o.Single {
				even := sample.json(nil, "")
				body = fmt.Sprintf(o.Answer, even+","+row+","+even)
			}
			drift = nil
			rows, err := read(t.Context())
			for _, d := range drift {
				assert.True(t, strings.HasPrefix(d.Path, path), "%s is drift of %s", d.Path, path)
			}
			return rows, err
		}
		sample.requireNoDecoders(t)
		even := o.plain(t, sample.json(nil, ""))
		rows, err := run(sample.json(nil, ""), "none")
		require.NoError(t, err)
		o.requireEqual(t, o.page(even, even), rows, "even")

		for _, field := range sample.fields(nil) {
			for _, value := range oddValues {
				path := o.pathOf(field)
				meant, own, ok := o.meant(field, value)
				row := sample.json(field, value)
				rows, err := run(row, path)
				note := fmt.Sprintf("%s: %s", path, value)
				if ok && o.misses(field, meant) {
					require.ErrorIs(t, err, souk.ErrUnreadable, note)
					require.Empty(t, rows, note)
					continue
				}
				if !ok {
					if own {
						path = o.Path
					}
					o.requireRefused(t, note, strings.TrimSuffix(path, "."+o.ID), row, even, rows, err)
					continue
				}
				require.NoError(t, err, note)
				o.requireEqual(t, o.page(even, o.plain(t, sample.json(field, meant))), rows, note)
				if !own {
					assert.Equal(t, meant != value, len(drift) > 0, "drift of %s", note)
				}
			}
		}
	})
}

// One returns a single object as rows.
func One[T any](row *T, err error) ([]T, error) {
	if err != nil {
		return nil, err
	}
	return []T{*row}, nil
}

type answering func(*http.Request) (*http.Response, error)

func (f answering) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// misses reports whether a field must hold the id that was asked for, and has another.
func (o OddRows[T]) misses(field *spot, meant string) bool {
	id, ok := o.Asked[field.path]
	return ok && !slices.Contains([]string{"", "null", id, id + ".00"}, strings.Trim(meant, `"`))
}

func (o OddRows[T]) pathOf(field *spot) string {
	row := o.Path
	if !o.Single {
		row += "[1]"
	}
	return row + "." + field.path
}

// page returns the rows of a page with row as the second one.
func (o OddRows[T]) page(even, row T) []T {
	if o.Single {
		return []T{row}
	}
	return []T{even, row, even}
}

// plain is a row without odd values.
func (o OddRows[T]) plain(t *testing.T, encoded string) (row T) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(encoded), &row), encoded)
	if o.Finish != nil {
		o.Finish(&row)
	}
	return row
}

func (o OddRows[T]) requireEqual(t *testing.T, want, got []T, note string) {
	t.Helper()
	inUTC(reflect.ValueOf(want))
	inUTC(reflect.ValueOf(got))
	require.Equal(t, want, got, note)
}

// meant returns what a value means in a field; ok is false if it means nothing.
func (o OddRows[T]) meant(field *spot, value string) (meant string, own, ok bool) {
	values, own := o.Own[field.path]
	if meant, known := values[value]; known {
		return meant, true, meant != ""
	}
	meant, ok = meantBy(field.typ, field.name, value)
	if o.ID != "" && field.path == o.ID && strings.Trim(meant, `"nul0`) == "" {
		return "", own, false
	}
	return meant, own, ok
}

// requireRefused requires that a row cannot be read and the others can.
func (o OddRows[T]) requireRefused(t *testing.T, note, path, encoded string, even T, rows []T, err error) {
	t.Helper()
	require.ErrorIs(t, err, souk.ErrUnreadable, note)
	if o.Single {
		return
	}
	o.requireEqual(t, []T{even, even}, rows, note)
	row, ok := err.(*souk.RowError) //nolint:errorlint // List returns it as it is
	require.True(t, ok, "%s: %T %v", note, err, err)
	assert.Equal(t, 1, row.Index, note)
	assert.Equal(t, encoded, string(row.Raw), note)
	assert.Contains(t, err.Error(), path, note)
}
