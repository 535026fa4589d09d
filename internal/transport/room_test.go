package transport_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/internal/transport"
)

func TestRoom(t *testing.T) {
	t.Parallel()
	assert.Nil(t, transport.Room[int](0))
	assert.Equal(t, 60, cap(transport.Room[int](60)))
	assert.Equal(t, 1000, cap(transport.Room[int](10_000)))
}

func TestListed(t *testing.T) {
	t.Parallel()
	for body, listed := range map[string]bool{
		`{}`: false, `{"rows":null}`: false, `{"rows":[]}`: true, `{"rows":[5]}`: true,
	} {
		for _, room := range []int{0, 5} {
			answer := struct {
				Rows []int `json:"rows"`
			}{transport.Room[int](room)}
			require.NoError(t, json.Unmarshal([]byte(body), &answer))
			assert.Equal(t, listed, transport.Listed(answer.Rows), "%s, room for %d", body, room)
		}
	}
}

// lentRow is of this test alone: nobody else borrows room for it.
type lentRow struct {
	text string
	list []int
}

func TestRoomThatIsGivenBackIsEmpty(t *testing.T) {
	t.Parallel()
	kept := []int{1, 2}
	rows := append(transport.Borrow[lentRow](3), lentRow{"a", kept}, lentRow{"b", kept})

	transport.GiveBack(rows)
	assert.Equal(t, make([]lentRow, 2), rows, "nobody finds in it what was there")
	assert.Nil(t, transport.Borrow[lentRow](0))
	again := transport.Borrow[lentRow](3)

	assert.Empty(t, again)
	assert.Equal(t, make([]lentRow, 3), again[:3])
	assert.Equal(t, []int{1, 2}, kept)
	assert.GreaterOrEqual(t, cap(transport.Borrow[lentRow](5)), 5, "larger than what was given back")
	assert.Nil(t, transport.Borrow[lentRow](0))
}

func TestLargeRoomIsNotKept(t *testing.T) {
	t.Parallel()
	type large [1 << 20]byte
	rows := append(transport.Borrow[large](2), large{1}, large{2})

	transport.GiveBack(rows)

	assert.Equal(t, byte(1), rows[0][0], "still theirs who had it")

	for size, isKept := range map[int]bool{1 << 17: true, 1<<17 + 1: false} {
		many := make([]int64, size)
		many[0] = 1
		transport.GiveBack(many)
		assert.Equal(t, isKept, many[0] == 0, "of 8 bytes each: 1 MiB is kept")
	}
}
