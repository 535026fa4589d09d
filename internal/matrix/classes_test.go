package matrix

import (
	"errors"
	"strings"

	"github.com/souk-go/souk"
)

// classes is what errors.Is finds in an error.
type classes uint16

const (
	unauthorized classes = 1 << iota
	reauthorize
	forbidden
	notFound
	invalid
	alreadyExists
	rateLimited
	unavailable
	unreadable
	outcomeUnknown
)

// named are the classes in the order of their bits.
var named = []struct {
	name string
	err  error
}{
	{"ErrUnauthorized", souk.ErrUnauthorized},
	{"ErrReauthorize", souk.ErrReauthorize},
	{"ErrForbidden", souk.ErrForbidden},
	{"ErrNotFound", souk.ErrNotFound},
	{"ErrInvalid", souk.ErrInvalid},
	{"ErrAlreadyExists", souk.ErrAlreadyExists},
	{"ErrRateLimited", souk.ErrRateLimited},
	{"ErrUnavailable", souk.ErrUnavailable},
	{"ErrUnreadable", souk.ErrUnreadable},
	{"ErrOutcomeUnknown", souk.ErrOutcomeUnknown},
}

func classesOf(err error) (c classes) {
	for i, class := range named {
		if errors.Is(err, class.err) {
			c |= 1 << i
		}
	}
	return c
}

func (c classes) has(other classes) bool { return c&other != 0 }

func (c classes) String() string {
	var names []string
	for i, class := range named {
		if c&(1<<i) != 0 {
			names = append(names, class.name)
		}
	}
	return strings.Join(names, ", ")
}
