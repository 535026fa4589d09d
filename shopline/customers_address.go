package shopline

// CustomerAddress is an address in a customer. The methods of [AddressesService] return
// [Address] instead, which SHOPLINE fills differently: the same address can have a
// phone number in one and none in the other.
type CustomerAddress struct {
	// ID is a text such as "SL201UA7683107423792406419".
	ID         string `json:"id"`
	CustomerID string `json:"customer_id"`
	FirstName  string `json:"first_name"`
	LastName   string `json:"last_name"`
	Company    string `json:"company"`
	Address1   string `json:"address1"`
	Address2   string `json:"address2"`
	City       string `json:"city"`
	Province   string `json:"province"`
	// ProvinceCode is SHOPLINE's own code, such as "1500001".
	ProvinceCode string `json:"province_code"`
	// ProvinceCodeV2 is the second part of an ISO 3166-2 code, such as "ACT".
	ProvinceCodeV2 string `json:"province_code_v2"`
	Country        string `json:"country"`
	// CountryCode is an ISO 3166-1 alpha-2 code.
	CountryCode string `json:"country_code"`
	Zip         string `json:"zip"`
	Phone       string `json:"phone"`
	// Default reports whether this is the customer's default address.
	Default bool `json:"default"`
}

// CreateCustomerAddress is an address of a new customer.
type CreateCustomerAddress struct {
	// FirstName and LastName have at most 128 characters.
	FirstName string `json:"first_name,omitempty"`
	LastName  string `json:"last_name,omitempty"`
	// Company, Address1 and Address2 have at most 255 characters.
	Company  string `json:"company,omitempty"`
	Address1 string `json:"address1,omitempty"`
	Address2 string `json:"address2,omitempty"`
	// City, Province, Country and Zip have at most 64 characters.
	City     string `json:"city,omitempty"`
	Province string `json:"province,omitempty"`
	// ProvinceCode is SHOPLINE's own code.
	ProvinceCode string `json:"province_code,omitempty"`
	Country      string `json:"country,omitempty"`
	// CountryCode is an ISO 3166-1 alpha-2 code.
	CountryCode string `json:"country_code,omitempty"`
	Zip         string `json:"zip,omitempty"`
	// Phone has at most 20 characters.
	Phone string `json:"phone,omitempty"`
	// Default makes it the customer's default address.
	Default bool `json:"default,omitempty"`
}

// UpdateCustomerAddress changes an address of a customer, or adds one if ID is empty.
// Fields that are nil are left out.
type UpdateCustomerAddress struct {
	// ID and CustomerID have at most 64 characters.
	ID         string `json:"id,omitempty"`
	CustomerID string `json:"customer_id,omitempty"`
	// FirstName and LastName have at most 128 characters.
	FirstName *string `json:"first_name,omitempty"`
	LastName  *string `json:"last_name,omitempty"`
	// Company, Address1 and Address2 have at most 255 characters.
	Company  *string `json:"company,omitempty"`
	Address1 *string `json:"address1,omitempty"`
	Address2 *string `json:"address2,omitempty"`
	// City, Province, Country and Zip have at most 64 characters.
	City     *string `json:"city,omitempty"`
	Province *string `json:"province,omitempty"`
	// ProvinceCode is SHOPLINE's own code. It is deprecated in updates.
	ProvinceCode *string `json:"province_code,omitempty"`
	Country      *string `json:"country,omitempty"`
	// CountryCode is an ISO 3166-1 alpha-2 code.
	CountryCode *string `json:"country_code,omitempty"`
	Zip         *string `json:"zip,omitempty"`
	// Phone has at most 20 characters.
	Phone *string `json:"phone,omitempty"`
	// Default makes it the customer's default address.
	Default *bool `json:"default,omitempty"`
}
