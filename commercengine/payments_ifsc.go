package commercengine

import (
	"context"
	"net/http"
	"regexp"

	"github.com/souk-go/souk/internal/transport"
)

// IFSC describes a branch of an Indian bank.
type IFSC struct {
	// IFSC is the code of the branch, 11 characters.
	IFSC     string `json:"ifsc"`
	Bank     string `json:"bank"`
	BankCode string `json:"bankcode"`
	Branch   string `json:"branch"`
	Address  string `json:"address"`
	Centre   string `json:"centre"`
	City     string `json:"city"`
	District string `json:"district"`
	State    string `json:"state"`
	Contact  string `json:"contact"`
	// ISO3166 is the code of the state, such as "IN-MH".
	ISO3166 string `json:"iso3166"`
	MICR    string `json:"micr"`
	// SWIFT is empty for a branch without one.
	SWIFT string `json:"swift"`
	// IMPS, NEFT, RTGS and UPI report which transfer systems the branch supports.
	IMPS bool `json:"imps"`
	NEFT bool `json:"neft"`
	RTGS bool `json:"rtgs"`
	UPI  bool `json:"upi"`
}

var ifscCode = regexp.MustCompile(`^[A-Za-z0-9]{11}$`)

// LookUpIFSC returns the branch with an IFSC code.
//
// See https://llm-docs.commercengine.io/storefront/operations/get-ifsc-lookup.
//
//souk:operation GET /payments/ifsc-lookup/{ifsc_code}
func (s *PaymentsService) LookUpIFSC(ctx context.Context, code string) (*IFSC, error) {
	call := &transport.Call{
		Method: http.MethodGet,
		Route:  "/payments/ifsc-lookup/{ifsc_code}",
		IDs:    []any{code},
		Repeat: transport.Safe,
	}
	call.Problems.Require(ifscCode.MatchString(code), "ifsc_code", "must be the 11 letters and digits of a bank's branch")
	return one[*IFSC](ctx, s.transport, call, ifscContent{})
}
