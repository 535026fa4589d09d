package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/examples/internal/shops"
	"github.com/souk-go/souk/fleet"
)

const (
	// atOnce is how many stores a worker walks through at the same time.
	atOnce = 3
	// between is how often the position of a walk is saved.
	between = 100 * time.Millisecond
)

// worksHere reports whether this process is a worker.
func worksHere() bool { return os.Getenv(workerVariable) != "" }

const workerVariable = "SOUK_FLEET_WORKER"

// work is the life of a worker, which ends with its standard input: so none outlives the
// first process.
func work(in io.Reader, out, problems io.Writer) int {
	input := json.NewDecoder(in)
	var s settings
	if err := input.Decode(&s); err != nil {
		fmt.Fprintln(problems, "settings:", err)
		return 1
	}
	ctx, stop := context.WithCancel(context.Background())
	go func() {
		_, _ = io.Copy(io.Discard, in)
		stop()
	}()
	if err := syncAll(ctx, &s, out, problems); err != nil {
		fmt.Fprintln(problems, err)
		return 1
	}
	return 0
}

// worker syncs stores until all are done.
type worker struct {
	*settings
	redis     *redis.Client
	positions *fleet.Positions
	shops     map[string]*shops.Shop // by the store's name
	problems  io.Writer
}

func syncAll(ctx context.Context, s *settings, out, problems io.Writer) error {
	client, err := s.redis()
	if err != nil {
		return err
	}
	observer, page, err := measure(s.Worker)
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	go serve(ctx, listener, page)
	opener, err := s.opener(client, observer)
	if err != nil {
		return err
	}
	w := &worker{settings: s, redis: client, shops: map[string]*shops.Shop{}, problems: problems}
	if w.positions, err = fleet.NewPositions(client); err != nil {
		return err
	}
	for _, store := range s.Stores {
		if w.shops[store.Name], err = opener.open(store); err != nil {
			return fmt.Errorf("%s: %w", store.Name, err)
		}
	}
	fmt.Fprintln(out, listener.Addr())
	var loops sync.WaitGroup
	for range atOnce {
		loops.Go(func() { w.loop(ctx) })
	}
	loops.Wait()
	<-ctx.Done() // its page is read until the end
	return nil
}

// loop takes one store after the other that nobody else is at.
func (w *worker) loop(ctx context.Context) {
	for ctx.Err() == nil {
		done, err := w.redis.SMembersMap(ctx, w.done()).Result()
		if err == nil && len(done) == len(w.Stores) {
			return
		}
		worked := false
		for _, i := range rand.Perm(len(w.Stores)) {
			name := w.Stores[i].Name
			if _, ok := done[name]; ok || err != nil {
				continue
			}
			err := w.sync(ctx, name)
			worked = worked || !errors.Is(err, fleet.ErrTaken)
			if err != nil && !errors.Is(err, fleet.ErrTaken) && ctx.Err() == nil {
				fmt.Fprintf(w.problems, "worker %s: %s: %v\n", w.Worker, name, err)
				pause(ctx, time.Second)
			}
		}
		if !worked {
			pause(ctx, between)
		}
	}
}

// sync takes the walk through a store and goes on where it stands.
func (w *worker) sync(ctx context.Context, store string) error {
	if strings.HasPrefix(store, "salla") {
		place, err := w.place(ctx)
		if err != nil {
			return err
		}
		kept, stop := place.Keep(ctx)
		defer func(ctx context.Context) {
			stop()
			_ = place.Release(ctx)
		}(ctx)
		ctx = kept
	}
	taken, err := w.positions.Take(ctx, w.walk(store), lease)
	if err != nil {
		return err
	}
	if done, err := w.redis.SIsMember(ctx, w.done(), store).Result(); done || err != nil { // meanwhile
		return errors.Join(err, taken.Release(ctx))
	}
	kept, stop := taken.Keep(ctx)
	defer stop()
	if err := w.process(kept, store, taken); err != nil {
		if cause := context.Cause(kept); errors.Is(cause, fleet.ErrLeaseLost) {
			return cause
		}
		return errors.Join(err, taken.Release(ctx))
	}
	if err := w.redis.SAdd(ctx, w.done(), store).Err(); err != nil {
		return err
	}
	return taken.Finish(ctx)
}

// places is how many of Salla's stores are walked at a time, by all workers together. Since
// they share one limit, more would only make each of them slower.
const places = 2

func (w *worker) place(ctx context.Context) (*fleet.Lease, error) {
	for i := range places {
		place, err := w.positions.Take(ctx, w.walk(fmt.Sprintf("place-%d", i)), lease)
		if !errors.Is(err, fleet.ErrTaken) {
			return place, err
		}
	}
	return nil, fleet.ErrTaken
}

// process works on the customers after the position. A position is saved when the work on
// all customers up to it has been: so a killed worker leaves nobody out, and some come
// again.
func (w *worker) process(ctx context.Context, store string, taken *fleet.Lease) error {
	if taken.Position() != "" {
		w.redis.HIncrBy(ctx, w.counts(), "resumed", 1)
	}
	walk := w.shops[store].Walk(taken.Position())
	var worked []any
	saved := time.Now()
	for row, err := range walk.All(ctx) {
		if _, unreadable := errors.AsType[*souk.RowError](err); unreadable {
			continue
		}
		if err != nil {
			return err
		}
		pause(ctx, w.Work)
		worked = append(worked, row.Contact.ID)
		if time.Since(saved) < between {
			continue
		}
		if err := w.keep(ctx, store, worked); err != nil {
			return err
		}
		if err := taken.Save(ctx, walk.Position()); err != nil {
			return err
		}
		worked, saved = worked[:0], time.Now()
	}
	return w.keep(ctx, store, worked)
}

// keep writes what was done into what would be a database.
func (w *worker) keep(ctx context.Context, store string, worked []any) error {
	if len(worked) == 0 {
		return nil
	}
	added, err := w.redis.SAdd(ctx, w.customers(store), worked...).Result()
	if again := int64(len(worked)) - added; err == nil && again > 0 {
		w.redis.HIncrBy(ctx, w.counts(), "again", again)
	}
	return err
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}
