package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/souk-go/souk"
)

// newHandler serves the vendors that have a secret. Salla's deliveries go to /salla.
func newHandler(e environment, logger *slog.Logger) (http.Handler, []string, error) {
	// For one process. Several processes share a Seen of your own, such as fleet has.
	seen := souk.NewMemorySeen()
	mux := http.NewServeMux()
	var served []string
	for _, v := range vendors {
		if e(v.variable) == "" {
			continue
		}
		h, err := v.handler(e, logger, seen, func(ctx context.Context, d *souk.Delivery) error {
			// Here a program does its work. An error makes the vendor deliver it again.
			logger.InfoContext(ctx, "delivered", "vendor", v.name, "topic", d.Topic, "store", d.Store, "about", about(d))
			return nil
		})
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", v.variable, err)
		}
		mux.Handle("/"+v.name, h)
		served = append(served, v.name)
	}
	if len(served) == 0 {
		return nil, nil, fmt.Errorf("there is no secret: set %s, %s or %s", sallaSecret, shoplineSecret, shoplazzaSecret)
	}
	return mux, served, nil
}

// serve does so until ctx ends, and then ends what it is at work on.
func serve(ctx context.Context, address string, e environment, out io.Writer) error {
	handler, served, err := newHandler(e, slog.New(slog.NewTextHandler(out, nil)))
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("-listen: %w", err)
	}
	for _, name := range served {
		fmt.Fprintf(out, "http://%s/%s\n", listener.Addr(), name)
	}
	server := &http.Server{Handler: handler, ReadTimeout: 10 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	// No delivery takes longer than a minute.
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 65*time.Second)
	defer cancel()
	if err := server.Shutdown(last); err != nil {
		return err
	}
	if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
