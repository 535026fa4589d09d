package shoplazza

import (
	"encoding/json"

	"github.com/souk-go/souk/internal/webhook"
)

func readCustomer(body []byte) (*Customer, error) {
	wire, err := webhook.Event[customerWire](vendorName, body, "id")
	if err != nil {
		return nil, err
	}
	return new(wire.plain()), nil
}

// unwrapped returns the member "customer", or the whole body if there is none.
func unwrapped(body []byte) []byte {
	var object struct {
		Customer json.RawMessage `json:"customer"`
	}
	if json.Unmarshal(body, &object) != nil || object.Customer == nil {
		return body
	}
	return object.Customer
}
