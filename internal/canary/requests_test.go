package canary

import (
	"context"
	"io"
	"reflect"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/commercengine"
	"github.com/souk-go/souk/xclade"
)

// What is planted in requests beside canaries.
const (
	pathID     = "id7-8d02-canary"
	headerName = "canary-of-the-header"
	otp        = "739154"
)

// plantedInRequests is what no text may show.
var plantedInRequests = []string{
	canaries.Email, strings.Trim(canaries.Phone, "+"), canaries.FirstName, canaries.LastName, canaries.Street, canaries.Note,
	canaries.Password, canaries.Token, canaries.RefreshToken, canaries.APIKey, otp, pathID, headerName, indian, account, "7700881",
}

// Forms that Commerce Engine wants.
const (
	indian  = "9810041729"
	account = "123456789012"
	ifsc    = "HDFC0001234"
)

// values are what fields hold by their names, in all requests or in one.
var values = map[string]any{
	"Email": canaries.Email, "Phone": canaries.Phone, "FirstName": canaries.FirstName, "LastName": canaries.LastName,
	"Password": canaries.Password, "PasswordConfirmation": canaries.Password, "ConfirmPassword": canaries.Password,
	"NewPassword": canaries.Password, "OldPassword": canaries.Token, "OTP": otp, "Token": canaries.Token,
	"RefreshToken": canaries.RefreshToken, "Address1": canaries.Street, "AddressLine1": canaries.Street, "Key": canaries.APIKey,
	"AddressIDs": pathID, "CustomerIDs": pathID, "TagIDs": pathID, "URL": "https://app.example/" + pathID, "Amount": "22.50",

	"commercengine.Phone": indian, "commercengine.CountryCode": "+91", "commercengine.Channel": "email", "commercengine.Action": "login",
	"commercengine.AccountType": "outbound", "commercengine.AccountNumber": account, "commercengine.IFSCCode": ifsc,
	"salla.UpdateLoyaltyPointsRequest.Type": "plus", "xclade.UpdateMembersRequest.Add": pathID,
	"shoplazza.CreateWebhookRequest.Address": "https://app.example/" + pathID, "salla.CreateWebhookRequest.Address": "https://app.example/" + pathID,
}

// plant fills a value, but for the fields that are left, with what the field of a type
// is to hold.
func plant(v reflect.Value, of, field string, left map[string]bool) {
	t := v.Type()
	if made, ok := requests[t]; ok {
		v.Set(reflect.ValueOf(made))
		return
	}
	if left[field] {
		return
	}
	name, _, _ := strings.Cut(of, ".")
	value, ok := values[of+"."+field]
	for _, wider := range []string{name + "." + field, field} {
		if !ok {
			value, ok = values[wider]
		}
	}
	if ok && reflect.TypeOf(value).ConvertibleTo(t) && (reflect.TypeOf(value).Kind() == t.Kind()) {
		v.Set(reflect.ValueOf(value).Convert(t))
		return
	}
	switch t.Kind() {
	case reflect.String:
		v.SetString(canaries.Note)
	case reflect.Int, reflect.Int64:
		v.SetInt(1)
	case reflect.Float64:
		v.SetFloat(1)
	case reflect.Pointer:
		v.Set(reflect.New(t.Elem()))
		plant(v.Elem(), of, field, left)
	case reflect.Slice:
		one := reflect.New(t.Elem()).Elem()
		plant(one, of, field, left)
		v.Set(reflect.Append(v, one))
	case reflect.Interface:
		if t == reflect.TypeFor[io.Reader]() {
			v.Set(reflect.ValueOf(strings.NewReader("file")))
		}
	case reflect.Struct:
		if t == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range t.NumField() {
			if f := t.Field(i); f.IsExported() {
				plant(v.Field(i), t.String(), f.Name, left)
			}
		}
	}
}

// requests are those that take more than their fields.
var requests = map[reflect.Type]any{
	reflect.TypeFor[xclade.UpdateCustomerRequest](): xclade.UpdateCustomerRequest{
		Email: new(canaries.Email), FirstName: new(canaries.FirstName), Phone: new(canaries.Phone),
	},
	reflect.TypeFor[commercengine.CheckVerificationRequest](): commercengine.CheckVerificationRequest{Emails: []string{canaries.Email}},
	reflect.TypeFor[commercengine.ForgotPasswordRequest]():    commercengine.ForgotPasswordRequest{Email: canaries.Email},
	reflect.TypeFor[commercengine.LoginWithPasswordRequest](): commercengine.LoginWithPasswordRequest{Email: canaries.Email, Password: canaries.Password},
	reflect.TypeFor[commercengine.GenerateOTPRequest](): commercengine.GenerateOTPRequest{
		Channel: commercengine.OTPByEmail, Email: canaries.Email, Action: commercengine.OTPRegister,
	},
	reflect.TypeFor[commercengine.UpdateMandateRequest](): commercengine.UpdateMandateRequest{MaxAmount: "7700881"},
	reflect.TypeFor[oauth2.Token]():                       oauth2.Token{AccessToken: canaries.Token, RefreshToken: canaries.RefreshToken},
}

// expired is a store that begins with a token under every key, which has run out.
type expired struct{ souk.TokenStore }

func newExpired() expired { return expired{souk.NewMemoryTokenStore()} }

func (e expired) Load(ctx context.Context, key string) (*oauth2.Token, error) {
	token, err := e.TokenStore.Load(ctx, key)
	return orExpired(token), err
}

func (e expired) Update(ctx context.Context, key string, f func(context.Context, *oauth2.Token) (*oauth2.Token, error)) error {
	return e.TokenStore.Update(ctx, key, func(ctx context.Context, token *oauth2.Token) (*oauth2.Token, error) {
		return f(ctx, orExpired(token))
	})
}

func orExpired(token *oauth2.Token) *oauth2.Token {
	if token != nil {
		return token
	}
	return &oauth2.Token{AccessToken: canaries.Token, RefreshToken: canaries.RefreshToken, Expiry: time.Unix(1, 0)}
}
