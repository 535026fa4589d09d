package shoplazzatest

import (
	"slices"
	"strings"
)

type address struct {
	serial     int
	id         string
	customerID string
	isDefault  bool
	fields     addressFields
}

func (a *address) number() int { return a.serial }

// addressFields are texts that answers repeat as they came.
type addressFields struct {
	first, last, gender, email, phone, phoneArea, company string
	address1, address2, area, city                        string
	province, provinceCode, country, countryCode          string
	zip                                                   string
}

// addressBody is what requests contain. A nil field was left out.
type addressBody struct {
	FirstName     *string `json:"first_name"`
	LastName      *string `json:"last_name"`
	Gender        *string `json:"gender"`
	Email         *string `json:"email"`
	Phone         *string `json:"phone"`
	PhoneAreaCode *string `json:"phone_area_code"`
	Company       *string `json:"company"`
	Address1      *string `json:"address1"`
	Address2      *string `json:"address2"`
	Area          *string `json:"area"`
	City          *string `json:"city"`
	Province      *string `json:"province"`
	ProvinceCode  *string `json:"province_code"`
	Country       *string `json:"country"`
	CountryCode   *string `json:"country_code"`
	Zip           *string `json:"zip"`
	Default       *bool   `json:"default"`
}

// apply changes the fields that the body has.
func (b addressBody) apply(f *addressFields) {
	for _, change := range []struct {
		field *string
		value *string
	}{
		{&f.first, b.FirstName},
		{&f.last, b.LastName},
		{&f.gender, b.Gender},
		{&f.email, b.Email},
		{&f.phone, b.Phone},
		{&f.phoneArea, b.PhoneAreaCode},
		{&f.company, b.Company},
		{&f.address1, b.Address1},
		{&f.address2, b.Address2},
		{&f.area, b.Area},
		{&f.city, b.City},
		{&f.province, b.Province},
		{&f.provinceCode, b.ProvinceCode},
		{&f.country, b.Country},
		{&f.countryCode, b.CountryCode},
		{&f.zip, b.Zip},
	} {
		if change.value != nil {
			*change.field = *change.value
		}
	}
}

// add gives the customer an address. There is one default address at most.
func (c *customer) add(s *store, body addressBody, byDefault bool) *address {
	made := &address{serial: s.nextSerial(), id: newID(), customerID: c.id}
	body.apply(&made.fields)
	c.addresses = append(c.addresses, made)
	if or(body.Default, byDefault) {
		c.makeDefault(made)
	}
	return made
}

func (c *customer) makeDefault(chosen *address) {
	for _, a := range c.addresses {
		a.isDefault = a == chosen
	}
}

func (s *store) findAddress(c *call) (*customer, *address, error) {
	owner, err := s.find(c)
	if err != nil {
		return nil, nil, err
	}
	for _, a := range owner.addresses {
		if a.id == c.ids[1] {
			return owner, a, nil
		}
	}
	return nil, nil, c.notFound("record not found")
}

func (s *store) listAddresses(c *call) (any, error) {
	owner, err := s.find(c)
	if err != nil {
		return nil, err
	}
	found, cursor, err := page(c, owner.addresses, 10)
	if err != nil {
		return nil, err
	}
	var rows []any
	for _, a := range found {
		rows = append(rows, a.object())
	}
	return c.listAnswer("addresses", rows, cursor), nil
}

func (s *store) createAddress(c *call) (any, error) {
	owner, err := s.find(c)
	if err != nil {
		return nil, err
	}
	var body addressBody
	if err := c.decode("address", !c.classic, &body); err != nil {
		return nil, err
	}
	var fields addressFields
	body.apply(&fields)
	if problems := fields.problems(); len(problems) > 0 {
		return nil, c.invalid(problems)
	}
	return object{"address": owner.add(s, body, false).object()}, nil
}

func (f addressFields) problems() (problems []string) {
	if f.country == "" {
		problems = append(problems, "Country can't be blank")
	}
	if f.countryCode == "" {
		problems = append(problems, "Country code can't be blank")
	}
	return problems
}

func (s *store) getAddress(c *call) (any, error) {
	_, found, err := s.findAddress(c)
	if err != nil {
		return nil, err
	}
	return object{"address": found.object()}, nil
}

func (s *store) updateAddress(c *call) (any, error) {
	owner, found, err := s.findAddress(c)
	if err != nil {
		return nil, err
	}
	var body addressBody
	if err := c.decode("address", !c.classic, &body); err != nil {
		return nil, err
	}
	changed := found.fields
	body.apply(&changed)
	if problems := changed.problems(); len(problems) > 0 {
		return nil, c.invalid(problems)
	}
	found.fields = changed
	switch {
	case body.Default == nil:
	case *body.Default:
		owner.makeDefault(found)
	default:
		found.isDefault = false
	}
	return object{"address": found.object()}, nil
}

func (s *store) deleteAddress(c *call) (any, error) {
	owner, found, err := s.findAddress(c)
	if err != nil {
		return nil, err
	}
	owner.addresses = slices.DeleteFunc(owner.addresses, func(a *address) bool { return a == found })
	return object{}, nil
}

func (s *store) setDefault(c *call) (any, error) {
	owner, found, err := s.findAddress(c)
	if err != nil {
		return nil, err
	}
	owner.makeDefault(found)
	return object{}, nil
}

// object returns what answers say of an address.
func (a *address) object() object {
	f := a.fields
	answer := object{
		"id":              a.id,
		"customer_id":     a.customerID,
		"first_name":      f.first,
		"last_name":       f.last,
		"name":            strings.TrimSpace(f.first + " " + f.last),
		"gender":          f.gender,
		"email":           f.email,
		"phone":           f.phone,
		"phone_area_code": nil,
		"company":         f.company,
		"address1":        f.address1,
		"address2":        f.address2,
		"area":            f.area,
		"city":            f.city,
		"province":        f.province,
		"province_code":   f.provinceCode,
		"country":         f.country,
		"country_code":    f.countryCode,
		"country_name":    f.country,
		"zip":             f.zip,
		"default":         a.isDefault,
	}
	if f.phoneArea != "" {
		answer["phone_area_code"] = f.phoneArea
	}
	return answer
}
