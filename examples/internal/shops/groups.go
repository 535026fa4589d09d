package shops

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/souk-go/souk"
)

// groups are the groups of customers of a store that has no tags. They are read once,
// and made when somebody needs them.
type groups[ID comparable] struct {
	read   func(ctx context.Context) (map[ID]string, error)
	create func(ctx context.Context, name string) (ID, error)

	mu    sync.Mutex
	names map[ID]string // nil: not read yet
}

// of returns the ids of the groups with these names.
func (g *groups[ID]) of(ctx context.Context, names []string) ([]ID, error) {
	var ids []ID
	for _, name := range names {
		id, err := g.id(ctx, strings.TrimSpace(name))
		if err != nil {
			return nil, err
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// id returns the group of a name. It makes one at a time, so that there is one of each.
func (g *groups[ID]) id(ctx context.Context, name string) (ID, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.names == nil {
		if err := g.load(ctx); err != nil {
			return *new(ID), err
		}
	}
	if id, ok := g.called(name); ok {
		return id, nil
	}
	id, err := g.create(ctx, name)
	if errors.Is(err, souk.ErrAlreadyExists) || errors.Is(err, souk.ErrOutcomeUnknown) { // another run has made it, or this call
		if failed := g.load(ctx); failed != nil {
			return id, failed
		}
		if id, ok := g.called(name); ok {
			return id, nil
		}
	}
	if err != nil {
		return id, err
	}
	g.names[id] = name
	return id, nil
}

// named returns the names of groups. One that nobody knows is left out.
func (g *groups[ID]) named(ctx context.Context, ids []ID) ([]string, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if slices.ContainsFunc(ids, func(id ID) bool { _, known := g.names[id]; return !known }) {
		if err := g.load(ctx); err != nil {
			return nil, err
		}
	}
	var names []string
	for _, id := range ids {
		name := g.names[id]
		if name != "" {
			names = append(names, name)
		}
		g.names[id] = name // one that is not there is not looked for again
	}
	return names, nil
}

func (g *groups[ID]) load(ctx context.Context) (err error) {
	g.names, err = g.read(ctx)
	return err
}

func (g *groups[ID]) called(name string) (ID, bool) {
	for id, known := range g.names {
		if known == name && name != "" {
			return id, true
		}
	}
	return *new(ID), false
}
