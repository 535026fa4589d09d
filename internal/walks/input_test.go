package walks

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/shoplazza"
	"github.com/souk-go/souk/shopline"
)

// positionIn returns a position in the middle of a list.
func positionIn(t *testing.T, s *store, l list, r request) string {
	t.Helper()
	w := s.open(t, l, r, "")
	ids, err := take(t.Context(), w.rows(t.Context()), 2)
	require.NoError(t, err)
	require.Len(t, ids, 2, l)
	require.NotEmpty(t, w.position())
	return w.position()
}

// filled starts a list with some rows.
func filled(t *testing.T, l list) *store {
	t.Helper()
	s := l.start(t)
	if s.add != nil {
		s.fill(t, 5)
	}
	return s
}

// A position that was cut or changed, or is of another list, is the first thing that a
// walk yields, and nothing is sent.
func TestWalksRefusePositionsThatAreNotTheirs(t *testing.T) {
	t.Parallel()
	good := make([]string, len(lists))
	for i, l := range lists {
		good[i] = positionIn(t, filled(t, l), l, request{limit: 1})
	}
	for i, l := range lists {
		t.Run(l.String(), func(t *testing.T) {
			t.Parallel()
			s := filled(t, l)
			own := positionIn(t, s, l, request{limit: 1})
			bad := map[string]string{
				"cut":              own[:len(own)-1],
				"cut at the front": own[1:],
				"longer":           own + "A",
				"with a blank":     own + " ",
				"twice":            own + own,
				"no position":      "2",
				"of 1 MiB":         strings.Repeat("A", 1<<20),
				"of another store": good[i],
			}
			for at := range own {
				bad["changed at "+own[:at]] = own[:at] + other(own[at]) + own[at+1:]
			}
			for j, l := range lists {
				if i != j {
					bad["of "+l.String()] = good[j]
				}
			}
			for name, position := range bad {
				requireRefused(t, s, s.open(t, l, request{limit: 1}, position), "position", name)
			}
			if !l.unfiltered {
				requireRefused(t, s, s.open(t, l, request{limit: 1, filter: "560"}, own), "position", "of another filter")
			}
			if version := s.place.Version; version != "" {
				s.place.Version = otherVersion[version]
				requireRefused(t, s, s.open(t, l, request{limit: 1}, own), "position", "of another version")
			}
		})
	}
}

// otherVersion is a version with the same kind of pages, if there is one.
var otherVersion = map[string]string{
	shoplazza.Version202201: shoplazza.Version202506,
	shoplazza.Version202506: shoplazza.Version202601,
	shopline.DefaultVersion: "v20250601",
}

func other(c byte) string {
	if c == 'A' {
		return "B"
	}
	return "A"
}

// requireRefused checks that a walk yields no row, but an error about a field, and that
// nothing was sent. Of All the same, unless the field is the position.
func requireRefused(t *testing.T, s *store, w walk, field, what string) {
	t.Helper()
	sent := len(s.Requests())
	yields := 0
	for id, err := range w.rows(t.Context()) {
		yields++
		assert.Empty(t, id, what)
		require.ErrorIs(t, err, souk.ErrInvalid, what)
		e, ok := errors.AsType[*souk.Error](err)
		require.True(t, ok, what)
		assert.NotEmpty(t, e.Fields[field], what)
		assert.Less(t, len(err.Error()), 300, what)
	}
	assert.Equal(t, 1, yields, what)
	if field != "position" {
		_, err := take(t.Context(), w.all(t.Context()), 0)
		require.ErrorIs(t, err, souk.ErrInvalid, what)
	}
	assert.Len(t, s.Requests(), sent, what)
}

// A limit that no vendor serves is refused before anything is sent.
func TestWalksRefuseLimitsThatCannotBe(t *testing.T) {
	t.Parallel()
	for _, l := range lists {
		if l.unsized {
			continue
		}
		t.Run(l.String(), func(t *testing.T) {
			t.Parallel()
			s := filled(t, l)
			for _, limit := range []int{-1, math.MinInt, math.MaxInt, 10_001} {
				requireRefused(t, s, s.open(t, l, request{limit: limit}, ""), "Limit", l.String())
			}
		})
	}
}
