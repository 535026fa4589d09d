package xclade

// customerChanges is an UpdateCustomerRequest in the server's form, in which null
// clears a field.
type customerChanges struct {
	Email          Nullable[string]         `json:"email,omitzero"`
	CompanyName    Nullable[string]         `json:"company_name,omitzero"`
	FirstName      Nullable[string]         `json:"first_name,omitzero"`
	LastName       Nullable[string]         `json:"last_name,omitzero"`
	Phone          Nullable[string]         `json:"phone,omitzero"`
	Metadata       Nullable[map[string]any] `json:"metadata,omitzero"`
	AdditionalData map[string]any           `json:"additional_data,omitempty"`
}

func (r UpdateCustomerRequest) wire() customerChanges {
	return customerChanges{
		Email:          orNull(r.Email),
		CompanyName:    orNull(r.CompanyName),
		FirstName:      orNull(r.FirstName),
		LastName:       orNull(r.LastName),
		Phone:          orNull(r.Phone),
		Metadata:       r.Metadata,
		AdditionalData: r.AdditionalData,
	}
}

// addressChanges is an UpdateAddressRequest in the server's form.
type addressChanges struct {
	AddressName       Nullable[string]         `json:"address_name,omitzero"`
	Company           Nullable[string]         `json:"company,omitzero"`
	FirstName         Nullable[string]         `json:"first_name,omitzero"`
	LastName          Nullable[string]         `json:"last_name,omitzero"`
	Address1          Nullable[string]         `json:"address_1,omitzero"`
	Address2          Nullable[string]         `json:"address_2,omitzero"`
	City              Nullable[string]         `json:"city,omitzero"`
	Province          Nullable[string]         `json:"province,omitzero"`
	PostalCode        Nullable[string]         `json:"postal_code,omitzero"`
	CountryCode       Nullable[string]         `json:"country_code,omitzero"`
	Phone             Nullable[string]         `json:"phone,omitzero"`
	Metadata          Nullable[map[string]any] `json:"metadata,omitzero"`
	IsDefaultShipping *bool                    `json:"is_default_shipping,omitempty"`
	IsDefaultBilling  *bool                    `json:"is_default_billing,omitempty"`
	AdditionalData    map[string]any           `json:"additional_data,omitempty"`
}

func (r UpdateAddressRequest) wire() addressChanges {
	return addressChanges{
		AddressName:       orNull(r.AddressName),
		Company:           orNull(r.Company),
		FirstName:         orNull(r.FirstName),
		LastName:          orNull(r.LastName),
		Address1:          orNull(r.Address1),
		Address2:          orNull(r.Address2),
		City:              orNull(r.City),
		Province:          orNull(r.Province),
		PostalCode:        orNull(r.PostalCode),
		CountryCode:       orNull(r.CountryCode),
		Phone:             orNull(r.Phone),
		Metadata:          r.Metadata,
		IsDefaultShipping: r.IsDefaultShipping,
		IsDefaultBilling:  r.IsDefaultBilling,
		AdditionalData:    r.AdditionalData,
	}
}

// orNull returns the text, or null if it is to be cleared.
func orNull(text *string) Nullable[string] {
	switch {
	case text == nil:
		return Nullable[string]{}
	case *text == "":
		return Null[string]()
	}
	return Value(*text)
}
