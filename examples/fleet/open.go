package main

import (
	"github.com/redis/go-redis/v9"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/examples/internal/shops"
	"github.com/souk-go/souk/fleet"
	"github.com/souk-go/souk/salla"
	"github.com/souk-go/souk/shoplazza"
	"github.com/souk-go/souk/shopline"
	"github.com/souk-go/souk/xclade"
)

// limits are those that vendors publish, for one app at one store.
var limits = map[string]fleet.Limit{"salla": fleet.SallaPlus, "shopline": fleet.SHOPLINE, "shoplazza": fleet.Shoplazza}

// opener makes clients that share quota and tokens with those of other processes.
type opener struct {
	redis    *redis.Client
	tokens   souk.TokenStore
	observer *souk.Observer
	perIP    *fleet.Limiter // of Salla, for all stores and all processes behind one address
}

func (s *settings) opener(client *redis.Client, observer *souk.Observer) (opener, error) {
	tokens, err := s.tokens(client)
	if err != nil {
		return opener{}, err
	}
	perIP, err := fleet.NewLimiter(client, "salla:ip:"+s.Run, fleet.SallaIP, fleet.LimiterOptions{})
	if err != nil {
		return opener{}, err
	}
	return opener{client, tokens, observer, perIP}, nil
}

func (o opener) open(s store) (*shops.Shop, error) {
	options := souk.Options{Observer: o.observer}
	if limit, ok := limits[s.Vendor]; ok {
		limiter, err := fleet.NewLimiter(o.redis, s.Vendor+":"+s.App+":"+s.ID, limit, fleet.LimiterOptions{})
		if err != nil {
			return nil, err
		}
		options.Limiter = limiter
	}
	source, err := o.source(s)
	if err != nil {
		return nil, err
	}
	switch s.Vendor {
	case "salla":
		client, err := salla.NewClient(salla.Config{TokenSource: source, BaseURL: s.URL, IPLimiter: o.perIP, Options: options})
		if err != nil {
			return nil, err
		}
		return shops.Salla(client), nil
	case "shopline":
		client, err := shopline.NewClient(shopline.Config{Handle: s.ID, TokenSource: source, BaseURL: s.URL, Options: options})
		if err != nil {
			return nil, err
		}
		return shops.Shopline(client), nil
	case "shoplazza":
		client, err := shoplazza.NewClient(shoplazza.Config{Shop: s.ID, TokenSource: source, BaseURL: s.URL, Options: options})
		if err != nil {
			return nil, err
		}
		return shops.Shoplazza(client), nil
	}
	client, err := xclade.NewClient(xclade.Config{Email: s.App, Password: s.Secret, BaseURL: s.URL, Options: options})
	if err != nil {
		return nil, err
	}
	return shops.Xclade(client), nil
}

// source returns where the tokens of a store come from, nil if its client logs in.
func (o opener) source(s store) (souk.TokenSource, error) {
	switch s.Vendor {
	case "salla":
		return s.salla().TokenSource(s.ID, o.tokens)
	case "shopline":
		return s.shopline().TokenSource(s.ID, o.tokens)
	case "shoplazza":
		return s.shoplazza().TokenSource(s.ID, o.tokens)
	}
	return nil, nil
}

// callback is where merchants come back to, if they came by a browser.
const callback = "https://app.example/callback"

func (s store) salla() salla.OAuth {
	return salla.OAuth{ClientID: s.App, ClientSecret: s.Secret, RedirectURL: callback, BaseURL: s.URL}
}

func (s store) shopline() shopline.OAuth {
	return shopline.OAuth{ClientID: s.App, ClientSecret: s.Secret, RedirectURL: callback, BaseURL: s.URL}
}

func (s store) shoplazza() shoplazza.OAuth {
	return shoplazza.OAuth{ClientID: s.App, ClientSecret: s.Secret, RedirectURL: callback, BaseURL: s.URL}
}
