package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/souk-go/souk"
)

// life is what a tour does with the customers of a vendor. Ids are texts here,
// whatever the vendor's type is.
type life struct {
	// create makes a customer of this first name.
	create func(ctx context.Context, name string) (id string, err error)
	// get returns what identifies the customer.
	get func(ctx context.Context, id string) (string, error)
	// names are the first names of the customers of this run.
	names func(ctx context.Context) iter.Seq2[string, error]
	// update changes the customer, and says what came of it.
	update func(ctx context.Context, id string) (string, error)
	// again makes another customer with the e-mail address of the first. It is
	// nil if nothing is unique.
	again func(ctx context.Context) (id string, err error)
	// remove deletes the customer. It is nil if the vendor has no such operation.
	remove func(ctx context.Context, id string) error
}

// live runs through the life of three customers. It deletes all it has made.
func (l life) live(ctx context.Context, r *report) (err error) {
	var ids []string
	defer func() {
		for _, id := range ids {
			if l.remove != nil {
				err = errors.Join(err, l.remove(context.WithoutCancel(ctx), id))
			}
		}
	}()
	for _, name := range []string{"Ada", "Grace", "Hedy"} {
		id, err := l.create(ctx, name)
		if err != nil {
			return err
		}
		ids = append(ids, id)
		r.step("create", "%s %s", id, name)
	}

	found, err := l.get(ctx, ids[0])
	if err != nil {
		return err
	}
	r.step("get", "%s %s", ids[0], found)

	var names []string
	for name, err := range l.names(ctx) {
		if err != nil {
			return err
		}
		names = append(names, name)
	}
	r.step("list, 2 per page", "%s", strings.Join(names, ", "))

	changes, err := l.update(ctx, ids[0])
	if err != nil {
		return err
	}
	r.step("update", "%s", changes)

	if l.again != nil {
		id, err := l.again(ctx)
		switch {
		case errors.Is(err, souk.ErrAlreadyExists):
			r.step("create again", "refused: %v", souk.ErrAlreadyExists)
		case errors.Is(err, souk.ErrInvalid): // Salla does not tell a taken address from a wrong one; Ensure does
			r.step("create again", "refused: %v", souk.ErrInvalid)
		case err == nil: // a real store can be set up so
			ids = append(ids, id)
			r.step("create again", "%s: this store takes a second customer with the same e-mail address", id)
		default:
			return fmt.Errorf("a second customer with the same e-mail address: %w", err)
		}
	}
	if l.remove == nil {
		return nil
	}
	id := ids[0]
	ids = ids[1:]
	if err := l.remove(ctx, id); err != nil {
		return err
	}
	_, err = l.get(ctx, id)
	if !errors.Is(err, souk.ErrNotFound) {
		return fmt.Errorf("a deleted customer: %w", err)
	}
	r.step("delete", "%s deleted; Get now says: %v", id, souk.ErrNotFound)
	return nil
}

// firstNames returns the first name of each customer.
func firstNames[C any](customers iter.Seq2[C, error], name func(C) string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for customer, err := range customers {
			text := ""
			if err == nil {
				text = name(customer)
			}
			if !yield(text, err) {
				return
			}
		}
	}
}
