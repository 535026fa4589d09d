package paging

import "context"

// Whole is a list that comes in one answer. After a resume what came of it is
// dropped.
type Whole[T any] struct {
	// Fetch reads the list. Only Rows and Failed count.
	Fetch func(ctx context.Context) (Batch[T], error)
	// ID returns the id of a row. It is nil where rows have none.
	ID func(*T) string
}

func (l Whole[T]) open(h hasher, m mark) (source[T], bool) {
	fetch := func(ctx context.Context, _ int) (Batch[T], error) {
		b, err := l.Fetch(ctx)
		return Batch[T]{Rows: b.Rows, Failed: b.Failed, Total: len(b.Rows)}, err
	}
	return Numbers[T]{Fetch: fetch, ID: l.ID}.open(h, m)
}
