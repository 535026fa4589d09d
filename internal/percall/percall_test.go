package percall_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/souk-go/souk/internal/percall"
)

func TestWithoutTakesAllOptionsAway(t *testing.T) {
	t.Parallel()
	ctx := percall.With(t.Context(), func(o *percall.Options) { o.MaxAttempts, o.Header = 2, http.Header{"A": {"1"}} })
	assert.Equal(t, 2, percall.From(ctx).MaxAttempts)
	assert.Equal(t, percall.Options{}, *percall.From(percall.Without(ctx)))
	assert.Equal(t, 2, percall.From(ctx).MaxAttempts, "the context itself is as it was")
}

func TestWithoutCostsNothingWhereThereAreNone(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	assert.Equal(t, percall.Without(ctx), ctx)
	without := percall.Without(percall.With(ctx, func(o *percall.Options) { o.MaxAttempts = 2 }))
	assert.Equal(t, percall.Without(without), without)
}

func TestOptionsOfAContextAreNotChangedByThoseOfItsChild(t *testing.T) {
	t.Parallel()
	parent := percall.With(t.Context(), func(o *percall.Options) { o.MaxAttempts = 2 })
	child := percall.With(parent, func(o *percall.Options) { o.AttemptTimeout = 3 })
	assert.Equal(t, percall.Options{MaxAttempts: 2, AttemptTimeout: 3}, *percall.From(child))
	assert.Equal(t, percall.Options{MaxAttempts: 2}, *percall.From(parent))
}

func TestTheFirstPanicIsKept(t *testing.T) {
	t.Parallel()
	var kept percall.Panics
	told := func(p *percall.Panics, what string) {
		defer p.Keep()
		panic(what)
	}
	assert.Nil(t, kept.First())

	told(percall.PanicsOf(percall.WithPanics(t.Context(), &kept)), "one")
	told(&kept, "other")

	assert.Equal(t, "one", kept.First())
	assert.PanicsWithValue(t, "one", func() { told(percall.PanicsOf(t.Context()), "one") }, "nobody keeps it")
}
