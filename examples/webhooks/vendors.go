package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/salla"
	"github.com/souk-go/souk/salla/sallatest"
	"github.com/souk-go/souk/shoplazza"
	"github.com/souk-go/souk/shoplazza/shoplazzatest"
	"github.com/souk-go/souk/shopline"
	"github.com/souk-go/souk/shopline/shoplinetest"
)

// vendor is what the vendors do differently: how a delivery is received, and how the
// stand-in makes one.
type vendor struct {
	name     string
	variable string // of the secrets
	handler  func(settings environment, logger *slog.Logger, seen souk.Seen, handle handle) (http.Handler, error)
	delivery func(settings environment, topic string, data []byte) (*http.Request, error)
	topic    string
	data     string // of the topic
}

type handle = func(context.Context, *souk.Delivery) error

// environment looks a variable up.
type environment func(name string) string

// secrets are several while a secret is being changed.
func (e environment) secrets(variable string) []string { return strings.Split(e(variable), ",") }

const (
	sallaSecret     = "SALLA_WEBHOOK_SECRET"
	sallaStrategy   = "SALLA_WEBHOOK_STRATEGY"
	shoplineSecret  = "SHOPLINE_APP_SECRET"
	shoplazzaSecret = "SHOPLAZZA_CLIENT_SECRET"
)

var vendors = []vendor{
	{"salla", sallaSecret, sallaHandler, sallaDelivery, "customer.created", `{"id":7,"first_name":"Sara"}`},
	{"shopline", shoplineSecret, shoplineHandler, shoplineDelivery, "customers/create", `{"id":"42","first_name":"Sara"}`},
	{"shoplazza", shoplazzaSecret, shoplazzaHandler, shoplazzaDelivery, "customers/create", `{"customer":{"id":"1","first_name":"Sara"}}`},
}

func known() []string {
	var names []string
	for _, v := range vendors {
		names = append(names, v.name)
	}
	return names
}

func sallaConfig(e environment, logger *slog.Logger) salla.WebhookConfig {
	strategy := salla.WebhookStrategy(e(sallaStrategy))
	if strategy == "" {
		strategy = salla.StrategySignature
	}
	return salla.WebhookConfig{Secrets: e.secrets(sallaSecret), Strategy: strategy, Logger: logger}
}

func sallaHandler(e environment, logger *slog.Logger, seen souk.Seen, handle handle) (http.Handler, error) {
	return salla.NewWebhookHandler(sallaConfig(e, logger), seen, handle)
}

func sallaDelivery(e environment, topic string, data []byte) (*http.Request, error) {
	server := sallatest.NewServer()
	defer server.Close()
	cfg, r := sallaConfig(e, nil), server.NewDelivery(salla.Topic(topic), data)
	body, err := bodyOf(r)
	if err != nil {
		return nil, err
	}
	sallatest.Sign(r, cfg, body)
	_, err = salla.ParseDelivery(r.Header, body, cfg)
	return r, err
}

func shoplineHandler(e environment, logger *slog.Logger, seen souk.Seen, handle handle) (http.Handler, error) {
	return shopline.NewWebhookHandler(shopline.WebhookConfig{Secrets: e.secrets(shoplineSecret), Logger: logger}, seen, handle)
}

func shoplineDelivery(e environment, topic string, data []byte) (*http.Request, error) {
	server := shoplinetest.NewServer()
	defer server.Close()
	cfg, r := shopline.WebhookConfig{Secrets: e.secrets(shoplineSecret)}, server.NewDelivery(shopline.Topic(topic), data)
	shoplinetest.Sign(r, cfg, data)
	_, err := shopline.ParseDelivery(r.Header, data, cfg)
	return r, err
}

func shoplazzaHandler(e environment, logger *slog.Logger, seen souk.Seen, handle handle) (http.Handler, error) {
	return shoplazza.NewWebhookHandler(shoplazza.WebhookConfig{Secrets: e.secrets(shoplazzaSecret), Logger: logger}, seen, handle)
}

func shoplazzaDelivery(e environment, topic string, data []byte) (*http.Request, error) {
	server := shoplazzatest.NewServer()
	defer server.Close()
	cfg, r := shoplazza.WebhookConfig{Secrets: e.secrets(shoplazzaSecret)}, server.NewDelivery(shoplazza.Topic(topic), data)
	shoplazzatest.Sign(r, cfg, data)
	_, err := shoplazza.ParseDelivery(r.Header, data, cfg)
	return r, err
}

// about says what has happened to whom, without personal data.
func about(d *souk.Delivery) string {
	switch event := d.Event.(type) {
	case *salla.Customer:
		return fmt.Sprint("customer ", event.ID)
	case *shopline.Customer:
		return "customer " + event.ID
	case *shopline.CustomerDeletedEvent:
		return "customer " + event.ID
	case *shopline.CustomersRedactEvent:
		return "erase customer " + event.Customer.ID
	case *shoplazza.Customer:
		return "customer " + event.ID
	case nil:
		if d.EventErr != nil {
			return d.EventErr.Error()
		}
		return fmt.Sprintf("no type for this topic; %d bytes", len(d.Body))
	}
	return fmt.Sprintf("%T", d.Event)
}
