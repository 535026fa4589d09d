package ratelimit

import (
	"reflect"
	"slices"
	"sync"
	"time"
)

// shared holds the governors of the process: a quota belongs to the store, not to
// a client.
var shared = registry{spare: 1024}

// For returns the governor of key, and makes it with limit if there is none. The same
// key gives the same governor, with the limit of the first call. A governor may be kept
// or looked up for every call: one that was dropped from the registry leads to its
// successor.
func For(key Key, limit Limit) *Governor {
	return shared.get(key, limit)
}

// registry finds governors by key. Each look-up examines a few entries beyond
// spare and drops those that nobody looked up since they were examined last, and that
// a fresh governor could replace unnoticed. The first condition keeps what is in use in
// a synctest bubble, where time is another one than in the bubble that examines.
type registry struct {
	spare int // below this many entries nothing is worth dropping

	mu        sync.Mutex
	governors map[Key]*Governor
	ring      []*Governor // the same governors, to walk over
	hand      int
	most      int // entries there have been since shrink
}

func (r *registry) get(key Key, limit Limit) *Governor {
	if !hashable(key.App) {
		key.App = nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sweep()
	g := r.governors[key]
	if g == nil {
		g = newGovernor(key, limit)
		r.add(g)
	}
	g.used = true
	return g
}

func (r *registry) add(g *Governor) {
	if r.governors == nil {
		r.governors = make(map[Key]*Governor)
	}
	g.registry = r
	r.governors[g.key] = g
	r.ring = append(r.ring, g)
	r.most = max(r.most, len(r.ring))
}

// sweep examines four entries: more than the two looks that drop one, so that the
// registry shrinks even while every look-up adds an entry.
func (r *registry) sweep() {
	if len(r.ring) <= r.spare {
		return
	}
	now := time.Now()
	for range min(4, len(r.ring)) {
		r.hand %= len(r.ring)
		g := r.ring[r.hand]
		if g.used || !g.drop(now) {
			g.used = false
			r.hand++
			continue
		}
		delete(r.governors, g.key)
		last := len(r.ring) - 1
		r.ring[r.hand] = r.ring[last]
		r.ring[last] = nil
		r.ring = r.ring[:last]
	}
	if len(r.ring) <= r.most/4 {
		r.shrink()
	}
}

// shrink gives back the room of entries that are gone, which a map keeps.
func (r *registry) shrink() {
	r.most = len(r.ring)
	r.ring = slices.Clone(r.ring)
	r.governors = make(map[Key]*Governor, len(r.ring))
	for _, g := range r.ring {
		r.governors[g.key] = g
	}
}

// hashable reports whether app can be part of a map's key. It spares the usual
// kinds, texts, pointers and hashes, reflect's allocation.
func hashable(app any) bool {
	if app == nil {
		return true
	}
	switch t := reflect.TypeOf(app); t.Kind() {
	case reflect.String, reflect.Pointer:
		return true
	case reflect.Array:
		if t.Elem().Kind() == reflect.Uint8 {
			return true
		}
	}
	return reflect.ValueOf(app).Comparable()
}
