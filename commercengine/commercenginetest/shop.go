package commercenginetest

import (
	"net/http"
	"regexp"
	"strings"
)

// What every store has.
var (
	countries = []any{object{
		"id": "01JHS2COUNTRY0000000000001", "country_name": "India", "country_code": "+91", "country_iso_code": "IN",
		"currency_code": "INR", "currency_symbol": "₹", "currency_name": "Indian Rupee",
		"flag_icon_url": "https://files.example.test/in.svg", "country_alias": "Bharat", "continent": "Asia",
	}}
	states = []any{
		object{"id": "01JHS2STATE000000000000001", "name": "Karnataka", "iso_code": "KA", "gst_code": "29", "state_alias": "KA"},
		object{"id": "01JHS2STATE000000000000002", "name": "Maharashtra", "iso_code": "MH", "gst_code": "27", "state_alias": "MH"},
	}
	pincodes = rows{
		{"pincode": "560001", "city": "Bengaluru", "state_name": "Karnataka", "country_name": "India", "country_iso_code": "IN"},
		{"pincode": "560002", "city": "Bengaluru", "state_name": "Karnataka", "country_name": "India", "country_iso_code": "IN"},
		{"pincode": "400001", "city": "Mumbai", "state_name": "Maharashtra", "country_name": "India", "country_iso_code": "IN"},
	}
	branches = rows{{
		"id": "HDFC0001234", "ifsc": "HDFC0001234", "bank": "HDFC Bank", "bankcode": "HDFC", "branch": "Fort", "address": "Fort, Mumbai",
		"centre": "Mumbai", "city": "Mumbai", "district": "Mumbai", "state": "Maharashtra", "contact": "", "iso3166": "IN-MH",
		"micr": "400240015", "swift": nil, "imps": true, "neft": true, "rtgs": true, "upi": true,
	}}
)

func checkStore(*Server, *call) (any, error) { return nil, nil }

// noStore answers a check of another store: with success, and the word that there is
// none.
func noStore() *refusal {
	return &refusal{status: http.StatusOK, message: "Store not found"}
}

func getConfig(*Server, *call) (any, error) {
	text := func(name string) object {
		return object{"id": "01JHS2TEXT0000000000000001", "name": name, "content_title": nil, "content_type": "plaintext", "content": name}
	}
	return object{"store_config": object{
		"is_kyc_enabled": true, "is_customer_group_enabled": true,
		"brand":    object{"name": "Acme", "logo_url": nil, "social_media_links": object{}},
		"currency": object{"name": "Indian Rupee", "code": "INR", "symbol": "₹"},
		"customer_groups": []any{object{
			"id": groupID, "name": "Retail", "slug": "retail", "description": nil, "is_default": true, "active": true,
		}},
		"kyc_documents": documentTypes, "analytics_providers": []any{}, "payment_providers": []any{},
		"terms_of_service": text("Terms"), "refund_policy": text("Refunds"),
	}}, nil
}

func listCountries(*Server, *call) (any, error) { return object{"countries": countries}, nil }

func listStates(_ *Server, c *call) (any, error) {
	if c.ids[0] != "IN" {
		return nil, notFound()
	}
	return object{"states": states}, nil
}

func listPincodes(_ *Server, c *call) (any, error) {
	if c.ids[0] != "IN" {
		return nil, notFound()
	}
	wanted := c.query.Get("pincode")
	if c.query.Has("pincode") && !pincodePattern.MatchString(wanted) {
		return nil, invalidField("pincode", "must be 3 to 6 digits")
	}
	found := rows{}
	for _, pincode := range pincodes {
		if strings.HasPrefix(text(pincode, "pincode"), wanted) {
			found = append(found, pincode)
		}
	}
	part, _, err := page(c, found)
	return object{"pincodes": part}, err
}

var pincodePattern = regexp.MustCompile(`^[0-9]{3,6}$`)

func lookUpIFSC(_ *Server, c *call) (any, error) {
	branch, err := branches.find(c.ids[0])
	return object{"ifsc": branch}, err
}
