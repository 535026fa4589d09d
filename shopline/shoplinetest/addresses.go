package shoplinetest

import (
	"slices"
	"strconv"
	"strings"
)

// address is an address of a customer.
type address struct {
	serial    int64
	texts     map[string]string // by their JSON names
	kind      int
	isDefault bool
}

func (a *address) id() string { return "SL201UA768310742379" + strconv.FormatInt(a.serial, 10) }

// addressInput is an address in a request: of a customer with default, of the
// address end points with def.
type addressInput struct {
	ID           *string `json:"id"`
	FirstName    *string `json:"first_name"`
	LastName     *string `json:"last_name"`
	Company      *string `json:"company"`
	Address1     *string `json:"address1"`
	Address2     *string `json:"address2"`
	City         *string `json:"city"`
	CityCode     *string `json:"city_code"`
	District     *string `json:"district"`
	DistrictCode *string `json:"district_code"`
	Town         *string `json:"town"`
	Province     *string `json:"province"`
	ProvinceCode *string `json:"province_code"`
	Country      *string `json:"country"`
	CountryCode  *string `json:"country_code"`
	Zip          *string `json:"zip"`
	Phone        *string `json:"phone"`
	AddressType  *int    `json:"address_type"`
	Def          *bool   `json:"def"`
	Default      *bool   `json:"default"`
}

func (in addressInput) named() map[string]*string {
	return map[string]*string{
		"first_name": in.FirstName, "last_name": in.LastName, "company": in.Company,
		"address1": in.Address1, "address2": in.Address2, "city": in.City, "city_code": in.CityCode,
		"district": in.District, "district_code": in.DistrictCode, "town": in.Town,
		"province": in.Province, "province_code": in.ProvinceCode,
		"country": in.Country, "country_code": in.CountryCode, "zip": in.Zip, "phone": in.Phone,
	}
}

func (in addressInput) check() error {
	return lengths{
		"first_name": {in.FirstName, 128}, "last_name": {in.LastName, 128}, "company": {in.Company, 255},
		"address1": {in.Address1, 255}, "address2": {in.Address2, 255}, "city": {in.City, 64},
		"province": {in.Province, 64}, "country": {in.Country, 64}, "zip": {in.Zip, 64},
	}.check()
}

func (a *address) change(in addressInput) {
	for name, text := range in.named() {
		if text != nil {
			a.texts[name] = *text
		}
	}
	set(&a.kind, in.AddressType)
	set(&a.isDefault, in.Def)
	set(&a.isDefault, in.Default)
}

func (s *store) addAddress(cu *customer, in addressInput) *address {
	a := &address{serial: s.nextSerial(), texts: make(map[string]string)}
	a.change(in)
	cu.addresses = append(cu.addresses, a)
	cu.keepOneDefault(a)
	return a
}

// replaceAddresses makes these the addresses of a customer. Those with a known id
// keep what the request leaves out.
func (s *store) replaceAddresses(cu *customer, inputs []addressInput) {
	old := cu.addresses
	cu.addresses = nil
	var chosen *address
	for _, in := range inputs {
		i := slices.IndexFunc(old, func(a *address) bool { return in.ID != nil && a.id() == *in.ID })
		if i >= 0 {
			old[i].change(in)
			cu.addresses = append(cu.addresses, old[i])
		} else {
			s.addAddress(cu, in)
		}
		if in.Default != nil && *in.Default {
			chosen = cu.addresses[len(cu.addresses)-1]
		}
	}
	cu.keepOneDefault(chosen)
}

// keepOneDefault takes the flag from all others if a has it.
func (cu *customer) keepOneDefault(a *address) {
	if a == nil || !a.isDefault {
		return
	}
	for _, other := range cu.addresses {
		other.isDefault = other == a
	}
}

// embedded is an address as it stands in a customer: with other names, and
// without the phone number.
func (a *address) embedded(cu *customer) object {
	v := object{"id": a.id(), "customer_id": cu.id(), "default": a.isDefault, "province_code_v2": "", "phone": nil}
	for _, name := range []string{
		"first_name", "last_name", "company", "address1", "address2", "city", "province", "province_code",
		"country", "country_code", "zip",
	} {
		v[name] = orNull(a.texts[name])
	}
	return v
}

// view is an address as the address end points answer it.
func (a *address) view() object {
	v := object{"id": a.id(), "def": a.isDefault, "address_type": a.kind, "province_code_v2": nil}
	for name := range (addressInput{}).named() {
		v[name] = orNull(a.texts[name])
	}
	return v
}

func (a *address) answer(cu *customer) object {
	v := a.view()
	v["customer_id"] = cu.id()
	return object{"customer_address": v}
}

func (s *store) createAddress(c *call) (any, error) {
	cu, err := s.find(c.ids[0])
	if err != nil {
		return nil, err
	}
	var in addressInput
	if err := c.decode("customer_address", &in); err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	return s.addAddress(cu, in).answer(cu), nil
}

// findAddress returns the address of the path, whose first id is the customer's.
func (s *store) findAddress(c *call) (*customer, *address, error) {
	cu, err := s.find(c.ids[0])
	if err != nil {
		return nil, nil, err
	}
	i := slices.IndexFunc(cu.addresses, func(a *address) bool { return a.id() == c.ids[1] })
	if i < 0 {
		return nil, nil, notFound("The address does not exist.")
	}
	return cu, cu.addresses[i], nil
}

func (s *store) getAddress(c *call) (any, error) {
	cu, a, err := s.findAddress(c)
	if err != nil {
		return nil, err
	}
	return a.answer(cu), nil
}

func (s *store) updateAddress(c *call) (any, error) {
	cu, a, err := s.findAddress(c)
	if err != nil {
		return nil, err
	}
	var in addressInput
	if err := c.decode("customer_address", &in); err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	a.change(in)
	cu.keepOneDefault(a)
	return a.answer(cu), nil
}

func (s *store) deleteAddress(c *call) (any, error) {
	cu, a, err := s.findAddress(c)
	if err != nil {
		return nil, err
	}
	cu.addresses = slices.DeleteFunc(cu.addresses, func(other *address) bool { return other == a })
	return object{}, nil
}

func (s *store) setDefault(c *call) (any, error) {
	cu, a, err := s.findAddress(c)
	if err != nil {
		return nil, err
	}
	a.isDefault = true
	cu.keepOneDefault(a)
	return object{}, nil
}

func (s *store) bulkAddresses(c *call) (any, error) {
	cu, err := s.find(c.ids[0])
	if err != nil {
		return nil, err
	}
	ids := strings.Split(c.query.Get("address_ids"), ",")
	if c.query.Get("operation") != "destroy" || ids[0] == "" {
		return nil, badRequest()
	}
	cu.addresses = slices.DeleteFunc(cu.addresses, func(a *address) bool { return slices.Contains(ids, a.id()) })
	return nil, nil
}

func (s *store) listAddresses(c *call) (any, error) {
	var in struct {
		IDs   []string `json:"uids"`
		Types []int    `json:"address_types"`
	}
	if err := c.decodeFlat(&in); err != nil {
		return nil, err
	}
	list := []object{}
	for _, id := range in.IDs {
		cu, err := s.find(id)
		if err != nil {
			continue
		}
		addresses := []object{}
		for _, a := range cu.addresses {
			if len(in.Types) == 0 || slices.Contains(in.Types, a.kind) {
				addresses = append(addresses, a.view())
			}
		}
		list = append(list, object{"uid": id, "addresses": addresses})
	}
	return object{"user_address": list}, nil
}
