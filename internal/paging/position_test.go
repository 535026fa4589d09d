package paging_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/souk-go/souk/internal/paging"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// positionsOf returns a position behind some rows of every kind of list.
func positionsOf(t *testing.T) (lists map[string]paging.List[item], positions map[string]string) {
	t.Helper()
	lists, positions = make(map[string]paging.List[item]), make(map[string]string)
	for name, sim := range simulations {
		s := newShop(300, 7, func() time.Duration { return time.Hour })
		s.limit = 50
		lists[name] = sim.list(s)
		w := newWalker(lists[name], "")
		n := 0
		for _, err := range w.All(t.Context()) {
			require.NoError(t, err)
			if n++; n > 150 {
				break
			}
		}
		positions[name] = w.Position()
		require.NotEmpty(t, positions[name])
	}
	return lists, positions
}

// refusal is what All says of a position first. Nothing is requested.
func refusal(t *testing.T, list paging.List[item], name, position string) paging.Problem {
	t.Helper()
	w := paging.NewWalker(list, name, position, func(e *paging.Error) error { return e })
	assert.Equal(t, position, w.Position())
	var problem paging.Problem
	for row, err := range w.All(t.Context()) {
		e := &paging.Error{}
		ok := errors.As(err, &e)
		require.True(t, ok, "%v %v", row, err)
		require.Zero(t, problem, "it comes once")
		problem = e.Problem
	}
	return problem
}

func TestWalkerRefusesPositionsThatWereChanged(t *testing.T) {
	t.Parallel()
	lists, positions := positionsOf(t)
	for name, position := range positions {
		for i := range position {
			assert.Equal(t, paging.PositionChanged, refusal(t, lists[name], "list", position[:max(i, 1)]), "%s cut at %d", name, i)
			other := byte('A')
			if position[i] == other {
				other = 'B'
			}
			changed := position[:i] + string(other) + position[i+1:]
			assert.Equal(t, paging.PositionChanged, refusal(t, lists[name], "list", changed), "%s changed at %d", name, i)
		}
		for _, text := range []string{
			position + "A", position + position, "A" + position, " ", "null", "\x00", strings.Repeat("A", 1<<20), strings.Repeat(position, 2000),
		} {
			assert.Equal(t, paging.PositionChanged, refusal(t, lists[name], "list", text), "%s: %.40q", name, text)
		}
	}
}

func TestWalkerRefusesPositionsOfOtherLists(t *testing.T) {
	t.Parallel()
	lists, positions := positionsOf(t)
	for name, position := range positions {
		assert.Equal(t, paging.PositionElsewhere, refusal(t, lists[name], "another list", position), name)
	}
	ways := map[string]string{
		"ids": "offsets", "offsets": "ids", "cursors": "days", "days": "cursors",
		"numbers with a total": "numbers without ids", "numbers without ids": "offsets",
	}
	for of, to := range ways {
		assert.Equal(t, paging.PositionElsewhere, refusal(t, lists[to], "list", positions[of]), "%s to %s", of, to)
	}
}

func TestPositionsAreShort(t *testing.T) {
	t.Parallel()
	_, positions := positionsOf(t)
	for name, position := range positions {
		assert.LessOrEqual(t, len(position), 1024, name)
	}
}

// A position holds a cursor as it is, up to a length. What is longer leaves it
// where it was.
func TestPositionsWithLongCursorsAndIDs(t *testing.T) {
	t.Parallel()
	for length, moves := range map[int]bool{2400: true, 2401: false} {
		w := newWalker(longCursors(length), "")
		_, err := got(t, w.All(t.Context()))
		require.NoError(t, err)
		assert.Equal(t, moves, w.Position() != "", "a cursor of %d bytes", length)
		assert.LessOrEqual(t, len(w.Position()), 4096)

		all, err := got(t, w.All(t.Context()))
		require.NoError(t, err)
		assert.Empty(t, all, "the walk itself knows where it stands")
	}
	for length, moves := range map[int]bool{600: true, 601: false} {
		w := newWalker(paging.Keyset[int]{
			ID: func(*int) string { return strings.Repeat("x", length) }, Fetch: oneBatch,
		}, "")
		_, err := got(t, w.All(t.Context()))
		require.NoError(t, err)
		assert.Equal(t, moves, w.Position() != "", "an id of %d bytes", length)
		assert.LessOrEqual(t, len(w.Position()), 1024)
	}
}

// Editors and shells end a file with a line break.
func TestPositionsFromFiles(t *testing.T) {
	t.Parallel()
	lists, positions := positionsOf(t)
	for name, position := range positions {
		w := newWalker(lists[name], position+"\r\n")
		for _, err := range w.All(t.Context()) {
			require.NoError(t, err, name)
		}
		assert.NotContains(t, w.Position(), "\n")
	}
}

// Positions are kept by users, so their form must not change within a version.
func TestPositionsStayReadable(t *testing.T) {
	t.Parallel()
	s := newShop(30, 7, func() time.Duration { return time.Hour })
	const position = "AaMwOVzApTrRBAQHHwAAAAAAAAAAAAAAABvwNCSDjUkxEiXHeZa2_TFYkZ1G7Oh9JnII2Nl5zk-gT-0uV9XvhnzpaukY3Z2gjAxoKFCmR_8S9Td1Egm6mpATSb6cSGY-r07SwM5wgmOjdztFoJVM4h78DvNEuS3HBCjPxMhIHTPar2sV_WVz8wF4mhGTqoxcWJKjlrGPRCfsQu3op7-leuZJVl96yILiHw"
	w := newWalker(s.counted(), position)
	var ids []int
	for row, err := range w.All(t.Context()) {
		require.NoError(t, err)
		ids = append(ids, row.ID)
	}
	assert.Equal(t, []int{3, 2, 1}, ids)
}

// sealed returns the position with this content, and with the checksum that it must
// have.
func sealed(content []byte) string {
	name := sha256.Sum256([]byte("list"))
	b := append(append(content[:1:1], name[:8]...), content[1:]...)
	sum := sha256.Sum256(b)
	return base64.RawURLEncoding.EncodeToString(append(b, sum[:8]...))
}

// unsealed returns the content of a position.
func unsealed(t *testing.T, position string) []byte {
	t.Helper()
	b, err := base64.RawURLEncoding.DecodeString(position)
	require.NoError(t, err)
	return append(b[:1:1], b[9:len(b)-8]...)
}

func TestWalkerRefusesPositionsThatWereMadeUp(t *testing.T) {
	t.Parallel()
	lists, positions := positionsOf(t)
	for name, position := range positions {
		content := unsealed(t, position)
		require.Equal(t, position, sealed(content))
		for i := 1; i < len(content); i++ {
			assert.Equal(t, paging.PositionChanged, refusal(t, lists[name], "list", sealed(content[:i])), "%s cut at %d", name, i)
		}
		assert.Equal(t, paging.PositionChanged, refusal(t, lists[name], "list", sealed(append(content, 0))), name)
		assert.Equal(t, paging.PositionElsewhere, refusal(t, lists[name], "list", sealed(append([]byte{1, 0}, content[2:]...))), name)
		large := append(binary.AppendUvarint([]byte{1, content[1]}, 1<<31), content[3:]...)
		assert.Equal(t, paging.PositionChanged, refusal(t, lists[name], "list", sealed(large)), name)
		content[0]++
		assert.Equal(t, paging.PositionVersion, refusal(t, lists[name], "list", sealed(content)), name)
	}
}

// Whatever a position holds, the walk ends.
func FuzzPosition(f *testing.F) {
	for way := range byte(8) {
		f.Add([]byte{1, way})
		f.Add(append([]byte{1, way}, bytes.Repeat([]byte{3}, 30)...))
		f.Add(append([]byte{1, way, 0xff, 0xff, 0xff, 0xff, 7, 0xff, 0xff, 0xff, 0xff, 7, 0, 0}, make([]byte, 12)...))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		if len(content) == 0 {
			return
		}
		for _, sim := range simulations {
			s := newShop(20, 7, func() time.Duration { return time.Hour })
			s.limit = 15
			w := newWalker(sim.list(s), sealed(content))
			for range w.All(t.Context()) {
				require.Less(t, s.asked(), 200)
			}
			if position := w.Position(); position != sealed(content) {
				assert.LessOrEqual(t, len(position), 4096)
			}
		}
	})
}
