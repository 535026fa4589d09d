package paging

import "context"

// Fallback is a list that newer servers page in one way and older ones in another.
// The first answer of a walk decides for the whole of it, and for those that go on
// with it.
type Fallback[T any] struct {
	List, Else List[T]
	// Refused reports whether an error means that the server does not know how to
	// page List.
	Refused func(error) bool
}

func (l Fallback[T]) open(h hasher, m mark) (source[T], bool) {
	first, ok := l.List.open(h, m)
	other, otherOK := l.Else.open(h, m)
	switch {
	case ok && otherOK:
		return &fallback[T]{source: first, other: other, refused: l.Refused}, true
	case ok:
		return first, true
	}
	return other, otherOK
}

type fallback[T any] struct {
	source[T]

	other   source[T] // nil when it is decided
	refused func(error) bool
}

func (s *fallback[T]) read(ctx context.Context, free <-chan struct{}) (step[T], error) {
	other := s.other
	s.other = nil
	got, err := s.source.read(ctx, free)
	if err == nil || other == nil || !s.refused(err) {
		return got, err
	}
	s.source.close()
	s.source = other
	return other.read(ctx, free)
}
