package matrix

import (
	"cmp"
	"slices"
	"testing"

	"github.com/souk-go/souk"
)

// byPhone is a vendor of whose customers the phone number is known alone, where they are
// ensured. Where they are not, it is the vendor again, and not tried twice.
func byPhone(v *vendor, twins bool) *vendor {
	numbered := *v
	numbered.twins = twins
	numbered.name += " by phone"
	numbered.lacks = slices.DeleteFunc(slices.Clone(operations), operation.isJoint)
	numbered.start = func(t testing.TB) *store {
		s := v.start(t)
		open := s.open
		s.open = func(base string, o souk.Options) (shop, error) {
			client, err := open(base, o)
			if err != nil {
				return nil, err
			}
			return client.(interface{ numbered() shop }).numbered(), nil
		}
		return s
	}
	return &numbered
}

// keyOf is the key of a customer: somebody without an e-mail address is who is ensured by
// the phone number.
func keyOf(email string) string { return cmp.Or(email, key) }
