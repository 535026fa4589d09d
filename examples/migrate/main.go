// Migrate copies the customers of one store to another: names, e-mail address, phone in
// E.164, addresses, consent, tags or groups, and notes, as far as the target has room for them.
//
//	go run -C examples ./migrate -from shopline -to xclade
//	go run -C examples ./migrate -from salla -to shopline -real
//
// Without -real both are stand-ins. It can be repeated: who is there already is changed
// where that is needed, and made only once. Its last lines say what was left out. It
// ends with 0 if all customers were taken, 1 if it failed and is to be started again, and
// 2 if it came to its end and customers were refused.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/examples/internal/command"
	"github.com/souk-go/souk/examples/internal/job"
	"github.com/souk-go/souk/examples/internal/shops"
)

func main() { command.Main("migrate", run) }

func run(ctx context.Context, arguments []string, out, progress io.Writer) error {
	flags := flag.NewFlagSet("migrate", flag.ContinueOnError)
	from := flags.String("from", "", "whose customers are read: "+strings.Join(shops.Vendors(), ", "))
	to := flags.String("to", "", "whose are written: the same names")
	state := flags.String("state", "migrate.checkpoint", "`file` that says how far it is")
	atVendor := flags.Bool("real", false, "use the stores that the environment names, in place of stand-ins")
	if err := command.Parse(flags, arguments, progress); err != nil {
		return err
	}
	if *state == "" {
		return errors.New("-state must name a file")
	}
	if *from == *to && *from != "" {
		return errors.New("-from and -to must be two different vendors")
	}
	source, err := shops.Open(*from, shops.How{Real: *atVendor, Seed: 25})
	if err != nil {
		return fmt.Errorf("-from: %w", err)
	}
	defer source.Close()
	target, err := shops.Open(*to, shops.How{Real: *atVendor})
	if err != nil {
		return fmt.Errorf("-to: %w", err)
	}
	defer target.Close()
	m := &migration{source: source, target: target, state: *state, out: out, progress: progress}
	return m.run(ctx)
}

// checkpoint says how far a migration is.
type checkpoint struct {
	From     string              `json:"from"`
	To       string              `json:"to"`
	Source   string              `json:"source"` // which stores of these vendors
	Target   string              `json:"target"`
	Position string              `json:"position"`
	Rows     int                 `json:"rows"`
	Counts   map[souk.Change]int `json:"counts"`
	Lost     map[string]int      `json:"lost"`    // rows by field without room
	Refused  []refusal           `json:"refused"` // by the id at the source
}

type refusal struct {
	ID     string `json:"id"`
	Reason string `json:"reason"`
}

// between is how long a migration goes on between two checkpoints.
const between = time.Second

type migration struct {
	source, target *shops.Shop
	state          string
	out, progress  io.Writer
	at             checkpoint
}

func (m *migration) run(ctx context.Context) error {
	release, err := job.Lock(m.state + ".lock")
	if err != nil {
		return err
	}
	defer release()
	m.at = checkpoint{
		From: m.source.Vendor, To: m.target.Vendor, Source: m.source.Store, Target: m.target.Store,
		Counts: map[souk.Change]int{}, Lost: map[string]int{},
	}
	var found checkpoint
	there, err := job.Load(m.state, &found)
	if err != nil {
		return err
	}
	if there && found.From == m.at.From && found.To == m.at.To && (found.Source != m.at.Source || found.Target != m.at.Target) {
		return fmt.Errorf("%s is of other stores, or of another token for one; name another file with -state, or remove it", m.state)
	}
	if there && (found.From != m.at.From || found.To != m.at.To) {
		return fmt.Errorf("%s is of a migration from %s to %s; name another file with -state, or remove it", m.state, found.From, found.To)
	}
	if there {
		m.at = found
	}
	if err := m.walk(ctx); err != nil {
		return fmt.Errorf("%w\nStart it again to go on behind %d customers", err, m.at.Rows)
	}
	if err := m.report(); err != nil { // it is all that says who was refused
		return fmt.Errorf("%w\nStart it again for the report", err)
	}
	if err := os.Remove(m.state); err != nil {
		return err
	}
	if n := len(m.at.Refused); n > 0 {
		return command.Incomplete(fmt.Sprintf("%d customers were refused", n))
	}
	return nil
}

func (m *migration) walk(ctx context.Context) error {
	walk := m.source.Walk(m.at.Position)
	bar := job.Progress(m.progress, "migrate", -1)
	_ = bar.Add(m.at.Rows)
	saved := time.Now()
	for row, err := range walk.All(ctx) {
		if lost, ok := errors.AsType[*souk.RowError](err); ok {
			m.at.Refused = append(m.at.Refused, refusal{lost.ID, lost.Error()})
			continue
		}
		if err == nil {
			err = m.move(ctx, row.Contact)
		}
		if err != nil {
			return errors.Join(err, m.save(walk.Position()))
		}
		_ = bar.Add(1)
		if time.Since(saved) >= between {
			saved = time.Now()
			if err := m.save(walk.Position()); err != nil {
				return err
			}
		}
	}
	return m.save(walk.Position())
}

// isOfRow reports that somebody who is there cannot be read, which another try would not
// change.
func isOfRow(err error) bool {
	_, is := errors.AsType[*souk.RowError](err)
	return is
}

// move copies a customer. One that the target refuses is noted; other errors end the
// migration.
func (m *migration) move(ctx context.Context, c shops.Contact) error {
	change, err := m.target.Upsert(ctx, c)
	switch {
	case err == nil:
		m.at.Counts[change]++
		for _, field := range m.target.Lost(c) {
			m.at.Lost[field]++
		}
	case errors.Is(err, souk.ErrInvalid), errors.Is(err, souk.ErrAlreadyExists), isOfRow(err):
		m.at.Refused = append(m.at.Refused, refusal{c.ID, err.Error()})
	default:
		return err
	}
	m.at.Rows++
	return nil
}

func (m *migration) save(position string) error {
	m.at.Position = position
	return job.Save(m.state, m.at)
}

func (m *migration) report() error {
	var text strings.Builder
	fmt.Fprintf(&text, "%d customers from %s to %s: %d created, %d updated, %d as they were, %d refused\n",
		m.at.Rows, m.at.From, m.at.To, m.at.Counts[souk.Created], m.at.Counts[souk.Updated], m.at.Counts[souk.Unchanged], len(m.at.Refused))
	for _, r := range m.at.Refused {
		fmt.Fprintf(&text, "refused: %s: %s\n", r.ID, r.Reason)
	}
	for _, field := range slices.Sorted(maps.Keys(m.at.Lost)) {
		fmt.Fprintf(&text, "%s has no room for %s: left out for %d customers\n", m.at.To, field, m.at.Lost[field])
	}
	_, err := io.WriteString(m.out, text.String())
	return err
}
