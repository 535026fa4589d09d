package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/examples/internal/served"
	"github.com/souk-go/souk/examples/internal/shops"
	"github.com/souk-go/souk/salla"
	"github.com/souk-go/souk/salla/sallatest"
	"github.com/souk-go/souk/shoplazza"
	"github.com/souk-go/souk/shoplazza/shoplazzatest"
	"github.com/souk-go/souk/shopline"
	"github.com/souk-go/souk/shopline/shoplinetest"
	"github.com/souk-go/souk/xclade"
	"github.com/souk-go/souk/xclade/xcladetest"
)

// tokenLife is how long tokens live. They are renewed when half of it is over.
const tokenLife = 8 * time.Second

// standIn is a store that is played here.
type standIn struct {
	store
	server http.Handler
	close  func()
	// customers are the ids of all.
	customers []string
	// install is what happens when the merchant installs the app. It is nil at xclade.
	install func(ctx context.Context, tokens souk.TokenStore) error
	// key is that of the tokens in their store.
	key string
	// once says that a refresh token can be used once, so that it can be lost.
	once bool
	// reused returns how often a refresh token came twice.
	reused func() int

	requests, refused atomic.Int64
}

func (s *standIn) withCustomers(ctx context.Context, shop *shops.Shop) error {
	for row, err := range shop.Walk("").All(ctx) {
		if err != nil {
			return err
		}
		s.customers = append(s.customers, row.Contact.ID)
	}
	return nil
}

// play starts store i, which listens on loopback until ctx ends.
func play(ctx context.Context, i, customers int, address *perIP) (*standIn, error) {
	vendor := shops.Vendors()[i%len(shops.Vendors())]
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &standIn{
		store:  store{Name: fmt.Sprintf("%s-%d", vendor, i/len(shops.Vendors())+1), Vendor: vendor, URL: "http://" + listener.Addr().String()},
		reused: func() int { return 0 },
	}
	begin := map[string]func(context.Context, int) error{
		"salla": s.playSalla, "shopline": s.playShopline, "shoplazza": s.playShoplazza, "xclade": s.playXclade,
	}[vendor]
	if err := begin(ctx, customers); err != nil {
		return nil, err
	}
	if vendor == "salla" {
		s.server = address.keep(s.server)
	}
	go serve(ctx, listener, served.Tell(s.server, func(_ *http.Request, status int) {
		s.requests.Add(1)
		if status == http.StatusTooManyRequests {
			s.refused.Add(1)
		}
	}))
	return s, nil
}

func (s *standIn) playSalla(ctx context.Context, customers int) error {
	server := sallatest.NewServer()
	server.Seed(customers)
	client, err := salla.NewClient(server.Config())
	if err != nil {
		return err
	}
	if err := s.withCustomers(ctx, shops.Salla(client)); err != nil {
		return err
	}
	server.EnforceLimits(salla.PlanPlus)
	server.SetTokenLife(tokenLife)
	s.server, s.close, s.reused = server, server.Close, server.ReusedRefreshTokens
	s.ID, s.App, s.Secret = server.Merchant, server.ClientID, server.ClientSecret
	s.key, s.once = s.salla().TokenKey(server.Merchant), true
	s.install = func(ctx context.Context, tokens souk.TokenStore) error {
		_, err := s.salla().Install(ctx, server.Authorize("state").Get("code"), tokens)
		return err
	}
	return nil
}

func (s *standIn) playShopline(ctx context.Context, customers int) error {
	server := shoplinetest.NewServer()
	server.Seed(customers)
	client, err := shopline.NewClient(server.Config())
	if err != nil {
		return err
	}
	if err := s.withCustomers(ctx, shops.Shopline(client)); err != nil {
		return err
	}
	server.EnforceLimits()
	server.SetTokenLife(tokenLife)
	s.server, s.close = server, server.Close
	s.ID, s.App, s.Secret = server.Handle, server.ClientID, server.ClientSecret
	s.key = s.shopline().TokenKey(s.ID)
	s.install = func(ctx context.Context, tokens souk.TokenStore) error {
		token, err := s.shopline().Exchange(ctx, s.ID, server.Authorize("state").Get("code"))
		if err != nil {
			return err
		}
		return s.shopline().SaveToken(ctx, s.ID, tokens, token)
	}
	return nil
}

func (s *standIn) playShoplazza(ctx context.Context, customers int) error {
	server := shoplazzatest.NewServer()
	server.Seed(customers)
	client, err := shoplazza.NewClient(server.Config())
	if err != nil {
		return err
	}
	if err := s.withCustomers(ctx, shops.Shoplazza(client)); err != nil {
		return err
	}
	server.EnforceLimits()
	server.SetTokenLife(tokenLife)
	s.server, s.close, s.reused = server, server.Close, server.ReusedRefreshTokens
	s.ID, s.App, s.Secret = server.Shop, server.ClientID, server.ClientSecret
	s.key, s.once = s.shoplazza().TokenKey(s.ID), true
	s.install = func(ctx context.Context, tokens souk.TokenStore) error {
		token, err := s.shoplazza().Exchange(ctx, s.ID, server.Authorize("state").Get("code"))
		if err != nil {
			return err
		}
		return s.shoplazza().SaveToken(ctx, s.ID, tokens, token)
	}
	return nil
}

func (s *standIn) playXclade(ctx context.Context, customers int) error {
	server := xcladetest.NewServer()
	server.Seed(customers)
	client, err := xclade.NewClient(server.Config())
	if err != nil {
		return err
	}
	if err := s.withCustomers(ctx, shops.Xclade(client)); err != nil {
		return err
	}
	s.server, s.close = server, server.Close
	s.App, s.Secret = server.Email, server.Password
	return nil
}
