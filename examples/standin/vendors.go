package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"

	"github.com/souk-go/souk/commercengine/commercenginetest"
	"github.com/souk-go/souk/salla"
	"github.com/souk-go/souk/salla/sallatest"
	"github.com/souk-go/souk/shoplazza"
	"github.com/souk-go/souk/shoplazza/shoplazzatest"
	"github.com/souk-go/souk/shopline"
	"github.com/souk-go/souk/shopline/shoplinetest"
	"github.com/souk-go/souk/souktest"
	"github.com/souk-go/souk/xclade"
	"github.com/souk-go/souk/xclade/xcladetest"
)

// standIn is what all of them have in common.
type standIn interface {
	http.Handler
	Operations() []string
	Inject(souktest.Fault)
	Seed(int)
	Close()
}

// running is a stand-in, and what its users need.
type running struct {
	server      standIn
	credentials []string
	// seed makes a customer of one element of the seed file.
	seed func(ctx context.Context, raw []byte) error
}

func known() []string { return []string{"salla", "commercengine", "shopline", "shoplazza", "xclade"} }

// start starts the stand-in of one of the known vendors.
func start(vendor string) running {
	switch vendor {
	case "salla":
		s := sallatest.NewServer()
		client := must(salla.NewClient(s.Config()))
		return running{s, []string{"SALLA_TOKEN=" + s.Token}, seeding(client.Customers.Create)}
	case "commercengine":
		s := commercenginetest.NewServer()
		return running{s, []string{"COMMERCENGINE_STORE_ID=" + s.StoreID, "COMMERCENGINE_API_KEY=" + s.APIKey, "COMMERCENGINE_OTP=" + s.OTP}, func(_ context.Context, raw []byte) error {
			var user commercenginetest.NewUser
			if err := strictly(raw, &user); err != nil {
				return err
			}
			s.AddUser(user)
			return nil
		}}
	case "shopline":
		s := shoplinetest.NewServer()
		client := must(shopline.NewClient(s.Config()))
		return running{s, []string{"SHOPLINE_HANDLE=" + s.Handle, "SHOPLINE_TOKEN=" + s.Token}, seeding(client.Customers.Create)}
	case "shoplazza":
		s := shoplazzatest.NewServer()
		client := must(shoplazza.NewClient(s.Config()))
		return running{s, []string{"SHOPLAZZA_TOKEN=" + s.Token}, seeding(client.Customers.Create)}
	default:
		s := xcladetest.NewServer()
		client := must(xclade.NewClient(s.Config()))
		return running{s, []string{"XCLADE_EMAIL=" + s.Email, "XCLADE_PASSWORD=" + s.Password}, seeding(client.Customers.Create)}
	}
}

// must is for clients of stand-ins, whose configuration is right.
func must[C any](client C, err error) C {
	if err != nil {
		panic(err)
	}
	return client
}

// seeding returns a function that creates what a JSON object says.
func seeding[R, C any](create func(context.Context, R) (*C, error)) func(context.Context, []byte) error {
	return func(ctx context.Context, raw []byte) error {
		var request R
		if err := strictly(raw, &request); err != nil {
			return err
		}
		_, err := create(ctx, request)
		return err
	}
}

// strictly refuses members that the vendor does not know.
func strictly(raw []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}

// seedFile makes the customers of a file, and returns how many.
func (r running) seedFile(ctx context.Context, name string) (int, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return 0, err
	}
	var rows []json.RawMessage
	if err := json.Unmarshal(text, &rows); err != nil {
		return 0, fmt.Errorf("%s must be a JSON list of customers: %w", name, err)
	}
	for i, raw := range rows {
		if err := r.seed(ctx, raw); err != nil {
			return i, fmt.Errorf("%s: customer %d: %w", name, i+1, err)
		}
	}
	return len(rows), nil
}
