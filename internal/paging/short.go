package paging

// tries is how often a page is asked for that has fewer rows than it promises.
// Where rows go between the server's counting and its reading, that passes.
const tries = 3

// complete returns what fetch returns, once wrong finds nothing in it.
func complete[B any](fetch func() (B, error), wrong func(B) *Error) (B, error) {
	var none B
	for try := 1; ; try++ {
		b, err := fetch()
		if err != nil {
			return none, err
		}
		e := wrong(b)
		switch {
		case e == nil:
			return b, nil
		case try == tries:
			return none, e
		}
	}
}

func shortPage(rows int) *Error {
	if rows == 0 {
		return &Error{Problem: EmptyPage}
	}
	return &Error{Problem: ShortPage}
}
