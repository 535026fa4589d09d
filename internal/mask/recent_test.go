package mask_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/souk-go/souk/internal/mask"
)

func TestRecentRemembersWhatWasUsedLast(t *testing.T) {
	t.Parallel()
	var r mask.Recent
	assert.Empty(t, r.Secrets())

	for i := range 16 {
		r.Use("", strconv.Itoa(i), strconv.Itoa(i))
	}
	r.Use("0")
	r.Use("new")

	assert.Equal(t, []string{"2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "0", "new"}, r.Secrets())
}

func TestWhatRecentReturnsIsACopy(t *testing.T) {
	t.Parallel()
	var r mask.Recent
	r.Use("a", "b")

	r.Secrets()[0] = "x"

	assert.Equal(t, []string{"a", "b"}, r.Secrets())
}
