package main

import (
	"context"
	"encoding/csv"
	"errors"
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

// checkpoint says how far an import is: the rows before Done need not be looked at again.
type checkpoint struct {
	Vendor string              `json:"vendor"`
	Store  string              `json:"store"`
	File   string              `json:"file"` // hash of its content
	Done   int                 `json:"done"`
	Counts map[souk.Change]int `json:"counts"`
	Size   int64               `json:"rejected_size"`
	Reject int                 `json:"rejected"`
	Lost   map[string]int      `json:"lost"` // rows by field that the vendor cannot hold
}

// between is how long an import goes on between two checkpoints.
const between = time.Second

type importer struct {
	settings
	shop     *shops.Shop
	out      io.Writer
	progress io.Writer

	table    *table
	at       checkpoint
	rejected *os.File
	saved    time.Time
}

func (i *importer) rejectedName() string   { return i.in + "." + i.shop.Vendor + ".rejected.csv" }
func (i *importer) checkpointName() string { return i.in + "." + i.shop.Vendor + ".checkpoint" }

func (i *importer) run(ctx context.Context) error {
	table, err := openTable(i.in)
	if err != nil {
		return err
	}
	defer table.file.Close()
	i.table, i.at.Lost = table, map[string]int{}
	if i.dry {
		return i.check()
	}
	if err := job.CanReplace(i.in); err != nil { // a pipe cannot be read twice
		return err
	}
	release, err := job.Lock(i.in + ".lock")
	if err != nil {
		return err
	}
	defer release()
	rows, err := count(i.in)
	if err != nil {
		return err
	}
	if err := i.begin(); err != nil {
		return err
	}
	defer i.rejected.Close()
	if err := i.work(ctx, rows); err != nil {
		return fmt.Errorf("%w\nStart it again to go on behind row %d", err, i.at.Done)
	}
	i.report()
	if err := errors.Join(i.rejected.Sync(), os.Remove(i.checkpointName())); err != nil {
		return err
	}
	if i.at.Reject == 0 {
		return os.Remove(i.rejectedName())
	}
	return command.Incomplete(fmt.Sprintf("%d rows were refused: see %s", i.at.Reject, i.rejectedName()))
}

// check looks at all rows and sends nothing.
func (i *importer) check() error {
	rows := 0
	for {
		fields, refusal, err := i.table.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		rows++
		var c shops.Contact
		if refusal == nil {
			c, refusal = contact(i.table.columns, fields, i.region)
		}
		if refusal != nil {
			i.at.Reject++
			fmt.Fprintf(i.out, "row %d: %v\n", rows, refusal)
			continue
		}
		i.note(c)
	}
	fmt.Fprintf(i.out, "%d rows: %d can be sent to %s, %d cannot\n", rows, rows-i.at.Reject, i.shop.Vendor, i.at.Reject)
	i.reportLost()
	if i.at.Reject > 0 {
		return command.Incomplete(fmt.Sprintf("%d rows cannot be sent", i.at.Reject))
	}
	return nil
}

// begin goes on with an import that was ended, or begins one.
func (i *importer) begin() error {
	sum, err := hash(i.in)
	if err != nil {
		return err
	}
	i.at = checkpoint{Vendor: i.shop.Vendor, Store: i.shop.Store, File: sum, Counts: map[souk.Change]int{}, Lost: map[string]int{}}
	found := checkpoint{Counts: map[souk.Change]int{}, Lost: map[string]int{}}
	there, err := job.Load(i.checkpointName(), &found)
	if err != nil {
		return err
	}
	switch {
	case there && (found.File != sum || found.Vendor != i.shop.Vendor):
		return fmt.Errorf("%s is of another content of %s; remove it to start again", i.checkpointName(), i.in)
	case there && found.Store != i.shop.Store:
		return fmt.Errorf("%s is of another store, or of another token for it; remove it to start again", i.checkpointName())
	}
	if there {
		i.at = found
	}
	i.rejected, err = job.Continue(i.rejectedName(), i.at.Size)
	i.saved = time.Now()
	return err
}

// row is one of the file, and what came of it.
type row struct {
	fields  []string
	contact shops.Contact
	change  souk.Change
	refusal error
	after   []*row // that must be done first: they are about the same person
	done    chan struct{}
}

// isAbout reports whether two rows are about one person. The last one counts, so they are
// sent one after the other; vendors that heed letter case would make two of them.
func (r *row) isAbout(other *row) bool {
	a, b := r.contact, other.contact
	return a.Email != "" && strings.EqualFold(a.Email, b.Email) || a.Phone != "" && a.Phone == b.Phone
}

// work sends rows by several workers and deals with what came of them in their order.
func (i *importer) work(ctx context.Context, rows int) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	queue := make(chan *row, i.workers) // in order; as many are at work
	go i.feed(ctx, cancel, queue, i.at.Done)
	bar := job.Progress(i.progress, "import", rows)
	_ = bar.Add(i.at.Done)
	for r := range queue {
		<-r.done
		if err := i.conclude(r); err != nil {
			cancel(err)
			for range queue { // let the workers end
			}
			return errors.Join(err, i.save())
		}
		_ = bar.Add(1)
	}
	return errors.Join(context.Cause(ctx), i.save())
}

// feed begins the rows after the first done ones.
func (i *importer) feed(ctx context.Context, cancel context.CancelCauseFunc, queue chan<- *row, done int) {
	defer close(queue)
	var begun []*row // that may not be done yet: those in the queue, one before and one after it
	for n := 0; ; n++ {
		fields, refusal, err := i.table.next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			cancel(err)
			return
		}
		if n < done {
			continue
		}
		r := &row{fields: slices.Clone(fields), refusal: refusal, done: make(chan struct{})}
		if r.refusal == nil {
			r.contact, r.refusal = contact(i.table.columns, r.fields, i.region)
		}
		for _, earlier := range begun {
			if r.isAbout(earlier) {
				r.after = append(r.after, earlier)
			}
		}
		begun = append(begun[max(0, len(begun)-i.workers-2):], r)
		select {
		case queue <- r:
		case <-ctx.Done():
			return
		}
		go func() {
			defer close(r.done)
			i.send(ctx, r)
		}()
	}
}

// send makes sure that a row is a customer.
func (i *importer) send(ctx context.Context, r *row) {
	for _, earlier := range r.after {
		<-earlier.done
	}
	r.after = nil
	if r.refusal != nil {
		return
	}
	r.change, r.refusal = i.shop.Upsert(ctx, r.contact)
}

// conclude counts a row, or sets it aside. An error ends the import: no row is to blame. A
// customer who is there and cannot be read would end each import anew.
func (i *importer) conclude(r *row) error {
	var e *souk.Error
	_, unreadable := errors.AsType[*souk.RowError](r.refusal)
	switch {
	case r.refusal == nil:
		i.at.Counts[r.change]++
		i.note(r.contact)
	case !unreadable && errors.As(r.refusal, &e) && !errors.Is(r.refusal, souk.ErrInvalid) && !errors.Is(r.refusal, souk.ErrAlreadyExists),
		errors.Is(r.refusal, context.Canceled), errors.Is(r.refusal, context.DeadlineExceeded):
		return fmt.Errorf("row %d: %w", i.at.Done+1, r.refusal)
	default:
		i.at.Reject++
		if err := i.reject(r); err != nil {
			return err
		}
	}
	i.at.Done++
	if time.Since(i.saved) < between {
		return nil
	}
	i.saved = time.Now()
	return i.save()
}

// reject writes the row as it came, and then the reason.
func (i *importer) reject(r *row) error {
	end, err := i.rejected.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	var text strings.Builder
	lines := csv.NewWriter(&text)
	if end == 0 {
		_ = lines.Write(append(slices.Clone(i.table.header), "reason"))
	}
	_ = lines.Write(append(slices.Clone(r.fields), r.refusal.Error()))
	lines.Flush()
	_, err = io.WriteString(i.rejected, text.String())
	return err
}

// save makes sure that the second file has what the checkpoint says.
func (i *importer) save() error {
	end, err := i.rejected.Seek(0, io.SeekCurrent)
	if err = errors.Join(err, i.rejected.Sync()); err != nil {
		return err
	}
	i.at.Size = end
	return job.Save(i.checkpointName(), i.at)
}

// note counts what the vendor has no room for.
func (i *importer) note(c shops.Contact) {
	for _, field := range i.shop.Lost(c) {
		i.at.Lost[field]++
	}
}

func (i *importer) report() {
	fmt.Fprintf(i.out, "%d rows: %d created, %d updated, %d as they were, %d refused",
		i.at.Done, i.at.Counts[souk.Created], i.at.Counts[souk.Updated], i.at.Counts[souk.Unchanged], i.at.Reject)
	if i.at.Reject > 0 {
		fmt.Fprintf(i.out, ": see %s", i.rejectedName())
	}
	fmt.Fprintln(i.out)
	i.reportLost()
}

func (i *importer) reportLost() {
	for _, field := range slices.Sorted(maps.Keys(i.at.Lost)) {
		fmt.Fprintf(i.out, "%s has no room for %s: left out in %d rows\n", i.shop.Vendor, field, i.at.Lost[field])
	}
}
