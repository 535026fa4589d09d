package main

import (
	"context"
	"fmt"
	"iter"

	"github.com/souk-go/souk/commercengine"
	"github.com/souk-go/souk/commercengine/commercenginetest"
)

// commercengineTour speaks to the stand-in only, because in a real store a
// shopper has to type a one-time password. The customers of this API are the
// shoppers themselves, so the tour is about the addresses of one.
func commercengineTour(ctx context.Context, r *report) error {
	server := commercenginetest.NewServer()
	defer server.Close()
	client, err := commercengine.NewClient(server.Config())
	if err != nil {
		return err
	}

	otp, err := client.Auth.LoginWithPhone(ctx, commercengine.LoginWithPhoneRequest{Phone: "9876543210", RegisterIfNotExists: true})
	if err != nil {
		return err
	}
	session, err := client.Auth.VerifyOTP(ctx, commercengine.VerifyOTPRequest{OTP: server.OTP, Token: otp.Token, Action: otp.Action})
	if err != nil {
		return err
	}
	customer := session.User.CustomerID
	r.step("register by phone", "customer %s", customer)

	return life{
		create: func(ctx context.Context, name string) (string, error) {
			address, err := client.Addresses.Create(ctx, customer, commercengine.CreateAddressRequest{
				FirstName: name, CountryCode: "+91", Phone: "9876543210", Email: name + "@quickstart.example",
				AddressLine1: "12 MG Road", Pincode: "560001", City: "Bengaluru", State: "Karnataka", Country: "India",
			})
			if err != nil {
				return "", err
			}
			return address.ID, nil
		},
		get: func(ctx context.Context, id string) (string, error) {
			address, err := client.Addresses.Get(ctx, customer, id)
			if err != nil {
				return "", err
			}
			return address.City, nil
		},
		names: func(ctx context.Context) iter.Seq2[string, error] {
			return firstNames(client.Addresses.All(ctx, customer, commercengine.ListAddressesRequest{Limit: 2}),
				func(a *commercengine.Address) string { return a.FirstName })
		},
		update: func(ctx context.Context, id string) (string, error) {
			address, err := client.Addresses.Get(ctx, customer, id)
			if err != nil {
				return "", err
			}
			changes := address.UpdateRequest()
			changes.Nickname, changes.IsDefaultShipping = "Home", new(true)
			address, err = client.Addresses.Update(ctx, customer, id, changes)
			if err != nil {
				return "", err
			}
			return fmt.Sprintf("nickname set to %q, default for shipping: %t", address.Nickname, address.IsDefaultShipping), nil
		},
		remove: func(ctx context.Context, id string) error { return client.Addresses.Delete(ctx, customer, id) },
	}.live(ctx, r)
}
