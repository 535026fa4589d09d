package commercengine

import "github.com/souk-go/souk"

func newError(e *souk.Error) error {
	e.Vendor = vendor.Name
	return e
}
