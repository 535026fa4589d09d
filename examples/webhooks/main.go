// Webhooks receives the deliveries of Salla, SHOPLINE and Shoplazza in one server, each
// under the name of its vendor, and prints a line for each.
//
//	go run -C examples ./webhooks
//	go run -C examples ./webhooks -listen 127.0.0.1:8080
//	go run -C examples ./webhooks -send shopline -to http://127.0.0.1:8080
//	go run -C examples ./webhooks -send salla -topic customer.updated -data event.json -times 2 -to https://app.example/hooks
//
// Without flags it shows what becomes of a delivery that is good, one that comes again
// and one that is forged. With -listen it serves the vendors whose secrets the
// environment names: SALLA_WEBHOOK_SECRET (SALLA_WEBHOOK_STRATEGY is "signature" by
// default, or "token"), SHOPLINE_APP_SECRET and SHOPLAZZA_CLIENT_SECRET, each of which
// may be several with commas between while a secret is being changed. -send signs a
// delivery with the first of them. Vendors deliver to https only: put a proxy in front.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/souk-go/souk/examples/internal/command"
)

func main() { command.Main("webhooks", run) }

// settings are what the flags say.
type settings struct {
	listen string
	send   sending
}

func parse(arguments []string, errors io.Writer) (settings, error) {
	var s settings
	flags := flag.NewFlagSet("webhooks", flag.ContinueOnError)
	flags.StringVar(&s.listen, "listen", "", "address to listen at; port 0 takes a free one")
	flags.StringVar(&s.send.vendor, "send", "", "send a test delivery of this vendor: "+strings.Join(known(), ", "))
	flags.StringVar(&s.send.to, "to", "", "`URL` that -send delivers to, without the vendor's name")
	flags.StringVar(&s.send.topic, "topic", "", "what has happened; a customer was created by default")
	flags.StringVar(&s.send.file, "data", "", "JSON `file` with what the delivery says")
	flags.IntVar(&s.send.times, "times", 1, "how often the same delivery comes")
	if err := command.Parse(flags, arguments, errors); err != nil {
		return s, err
	}
	switch {
	case s.listen != "" && s.send.vendor != "":
		return s, fmt.Errorf("-listen and -send are for two programs")
	case s.send.vendor == "" && s.send != (sending{times: 1}):
		return s, fmt.Errorf("-to, -topic, -data and -times go with -send")
	}
	return s, nil
}

func run(ctx context.Context, arguments []string, out, errors io.Writer) error {
	s, err := parse(arguments, errors)
	switch {
	case err != nil:
		return err
	case s.send.vendor != "":
		return s.send.run(ctx, os.Getenv, out)
	case s.listen != "":
		return serve(ctx, s.listen, os.Getenv, out)
	}
	return show(ctx, out)
}
