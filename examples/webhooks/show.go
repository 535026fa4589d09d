package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"text/tabwriter"
)

// show delivers to a server of its own what a vendor might.
func show(ctx context.Context, out io.Writer) error {
	secrets, forged := randomSecrets(), randomSecrets()
	handler, _, err := newHandler(secrets, slog.New(slog.NewTextHandler(out, &slog.HandlerOptions{ReplaceAttr: withoutTime})))
	if err != nil {
		return err
	}
	var rows []string
	deliver := func(what, vendor string, r *http.Request) error {
		r, err := again(ctx, r)
		if err != nil {
			return err
		}
		r.URL.Path = "/" + vendor
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, r)
		rows = append(rows, fmt.Sprintf("%s\t%s\t%d", vendor, what, answer.Code))
		return nil
	}
	for _, v := range vendors {
		good, err := v.delivery(secrets, v.topic, []byte(v.data))
		if err != nil {
			return err
		}
		odd, err := v.delivery(secrets, v.topic, []byte(`{"id":[]}`))
		if err != nil {
			return err
		}
		bad, err := v.delivery(forged, v.topic, []byte(v.data))
		if err != nil {
			return err
		}
		for _, d := range []struct {
			what string
			r    *http.Request
		}{{"a customer was created", good}, {"the same, delivered again", good}, {"an event that cannot be read", odd}, {"forged", bad}} {
			if err := deliver(d.what, v.name, d.r); err != nil {
				return err
			}
		}
	}
	fmt.Fprintln(out)
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		fmt.Fprintln(table, row)
	}
	return table.Flush()
}

// randomSecrets is an environment with a secret for each vendor.
func randomSecrets() environment {
	secret := rand.Text()
	return func(name string) string {
		if name == sallaStrategy {
			return ""
		}
		return secret
	}
}

func withoutTime(_ []string, a slog.Attr) slog.Attr {
	if a.Key == slog.TimeKey || a.Key == "duration" || a.Key == "key" {
		return slog.Attr{}
	}
	return a
}
