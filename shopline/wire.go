package shopline

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"github.com/souk-go/souk/internal/loosejson"
)

// MarshalJSON returns the tags as one text with commas.
func (t Tags) MarshalJSON() ([]byte, error) {
	return json.Marshal(strings.Join(t, ","))
}

// UnmarshalJSON decodes a text with commas, a list, or null.
func (t *Tags) UnmarshalJSON(data []byte) error {
	return (*loosejson.Strings)(t).UnmarshalJSON(data)
}

// UnmarshalJSON decodes a number, or a text of digits as in the members of a group.
func (f *SubscribeFlag) UnmarshalJSON(data []byte) error {
	if n, err := strconv.Atoi(string(data)); err == nil {
		*f = SubscribeFlag(n)
		return nil
	}
	var n loosejson.Int
	if err := n.UnmarshalJSON(data); err != nil {
		return err
	}
	*f = SubscribeFlag(n)
	return nil
}

// socialLoginWire has the secrets that the JSON of a SocialLogin leaves out.
type socialLoginWire struct {
	SocialLogin
	Key    string `json:"third_key"`
	RSAKey string `json:"third_rsa_key"`
}

func (w *socialLoginWire) plain() SocialLogin {
	login := w.SocialLogin
	login.Key, login.RSAKey = w.Key, w.RSAKey
	return login
}

// orderWire is an order whose JSON is kept as a whole.
type orderWire Order

func (w *orderWire) UnmarshalJSON(data []byte) error {
	if err := json.Unmarshal(data, (*Order)(w)); err != nil {
		return err
	}
	w.Raw = bytes.Clone(data)
	return nil
}

func (w *orderWire) plain() Order { return Order(*w) }

// addressesWire requires the list of addresses: an object without it does not mean that
// there are none.
type addressesWire AddressesOfCustomer

func (w *addressesWire) UnmarshalJSON(data []byte) error {
	err := json.Unmarshal(data, (*AddressesOfCustomer)(w))
	if err == nil && w.Addresses == nil {
		return errNoAddresses
	}
	return err
}

func (w *addressesWire) plain() AddressesOfCustomer { return AddressesOfCustomer(*w) }

var errNoAddresses = errors.New("shopline: a customer without a list of addresses")
