package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/examples/internal/job"
	"github.com/souk-go/souk/examples/internal/shops"
)

// checkpoint says how far an export is.
type checkpoint struct {
	Vendor     string `json:"vendor"`
	Store      string `json:"store"`
	Format     string `json:"format"`
	Position   string `json:"position"`
	Size       int64  `json:"size"` // of the file, up to the position
	Unread     int64  `json:"unread_size"`
	Rows       int    `json:"rows"`
	Unreadable int    `json:"unreadable"`
}

// between is how long an export goes on between two checkpoints.
const between = time.Second

type export struct {
	shop     *shops.Shop
	name     string
	progress io.Writer

	at         checkpoint
	file       *os.File
	unreadable *os.File
	seen       map[string]bool
}

func (e *export) partName() string       { return e.name + ".part" }
func (e *export) checkpointName() string { return e.name + ".checkpoint" }
func (e *export) unreadableName() string { return e.name + ".unreadable" }

// run writes the file under another name, and renames it when the list has ended well.
func (e *export) run(ctx context.Context) error {
	if err := job.CanReplace(e.name); err != nil {
		return err
	}
	release, err := job.Lock(e.name + ".lock")
	if err != nil {
		return err
	}
	defer release()
	format := formatOf(e.name)
	if err := e.open(format); err != nil {
		return err
	}
	defer e.file.Close()
	defer e.unreadable.Close()
	if err := e.walk(ctx, format); err != nil {
		return fmt.Errorf("%w\nStart it again to go on behind %d customers", err, e.at.Rows)
	}
	if err := errors.Join(e.file.Sync(), e.file.Close(), e.unreadable.Sync(), e.unreadable.Close()); err != nil {
		return err
	}
	if e.at.Unreadable == 0 {
		_ = os.Remove(e.unreadableName())
	}
	// In this order: a checkpoint without its file would stop the next export.
	if err := os.Remove(e.checkpointName()); err != nil {
		return err
	}
	return os.Rename(e.partName(), e.name)
}

// open goes on with an export that was ended, or begins one.
func (e *export) open(format format) error {
	e.at = checkpoint{Vendor: e.shop.Vendor, Store: e.shop.Store, Format: format.name}
	var found checkpoint
	there, err := job.Load(e.checkpointName(), &found)
	if err != nil {
		return err
	}
	if there && (found.Vendor != e.at.Vendor || found.Format != e.at.Format) {
		return fmt.Errorf("%s is of an export of %s to %s; remove it to start again", e.checkpointName(), found.Vendor, found.Format)
	}
	if there && found.Store != e.at.Store {
		return fmt.Errorf("%s is of another store, or of another token for it; remove it to start again", e.checkpointName())
	}
	if there {
		e.at = found
	}
	if e.file, err = job.Continue(e.partName(), e.at.Size); err != nil {
		return err
	}
	if e.unreadable, err = job.Continue(e.unreadableName(), e.at.Unread); err != nil {
		return err
	}
	e.seen, err = format.ids(e.partName())
	return err
}

// walk writes the rows after the checkpoint. Rows may come again there; those that
// stand in the file are left out.
func (e *export) walk(ctx context.Context, format format) error {
	walk := e.shop.Walk(e.at.Position)
	write := format.writer(e.file, e.at.Size == 0)
	var bar interface{ Add(int) error }
	saved := time.Now()
	for row, err := range walk.All(ctx) {
		if bar == nil {
			bar = job.Progress(e.progress, "export", walk.Total())
			_ = bar.Add(e.at.Rows)
		}
		if lost, ok := errors.AsType[*souk.RowError](err); ok {
			if err := e.setAside(lost); err != nil {
				return err
			}
			continue
		}
		if err != nil {
			return errors.Join(err, e.save(walk.Position()))
		}
		if !e.seen[row.Contact.ID] {
			e.seen[row.Contact.ID] = true
			if err := write(row); err != nil {
				return err
			}
			e.at.Rows++
			_ = bar.Add(1)
		}
		if time.Since(saved) >= between {
			// The position is after the row before this one, which the file has, too.
			if err := e.save(walk.Position()); err != nil {
				return err
			}
			saved = time.Now()
		}
	}
	return e.save(walk.Position())
}

// save makes sure that the file has what the position says.
func (e *export) save(position string) error {
	e.at.Position = position
	for f, size := range map[*os.File]*int64{e.file: &e.at.Size, e.unreadable: &e.at.Unread} {
		end, err := f.Seek(0, io.SeekCurrent)
		if err = errors.Join(err, f.Sync()); err != nil {
			return err
		}
		*size = end
	}
	return job.Save(e.checkpointName(), e.at)
}

// setAside keeps a row that cannot be read.
func (e *export) setAside(lost *souk.RowError) error {
	e.at.Unreadable++
	_, err := fmt.Fprintf(e.unreadable, "%s\n", line(lost))
	return err
}
