// Oauth installs an app at stores of Salla, SHOPLINE and Shoplazza: a small web program
// with a page for each step. Tokens are kept in files.
//
//	go run -C examples ./oauth
//	go run -C examples ./oauth -real -addr 127.0.0.1:8080 -url https://app.example
//
// Without -real the stores are stand-ins, and the program plays the merchant's part, too.
// With it the app is the one that the environment names: SALLA_CLIENT_ID and
// SALLA_CLIENT_SECRET, SHOPLINE_APP_KEY, SHOPLINE_APP_SECRET and SHOPLINE_HANDLE,
// SHOPLAZZA_CLIENT_ID, SHOPLAZZA_CLIENT_SECRET and SHOPLAZZA_SHOP. A vendor of which
// none is set is left out. Register
// -url with /callback/salla, /callback/shopline or /callback/shoplazza behind it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/examples/internal/command"
)

func main() {
	command.Main("oauth", run)
}

func run(ctx context.Context, arguments []string, out, progress io.Writer) error {
	flags := flag.NewFlagSet("oauth", flag.ContinueOnError)
	addr := flags.String("addr", "127.0.0.1:0", "address to listen at; port 0 takes a free one")
	public := flags.String("url", "", "URL under which browsers find the program; http and its address by default")
	dir := flags.String("tokens", "", "`directory` of the tokens; required with -real, otherwise a new one by default")
	atVendor := flags.Bool("real", false, "install the app that the environment names, in place of one at stand-ins")
	if err := command.Parse(flags, arguments, progress); err != nil {
		return err
	}
	if u, err := url.Parse(*public); *public != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		return errors.New("-url must be a URL such as https://app.example")
	}
	if err := keptIn(dir, *atVendor); err != nil {
		return fmt.Errorf("-tokens: %w", err)
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", *addr)
	if err != nil {
		return fmt.Errorf("-addr: %w", err)
	}
	defer listener.Close()
	if *public == "" {
		*public = "http://" + listener.Addr().String()
	}
	tokens := souk.NewFileTokenStore(*dir)
	flows, end := standInFlows(*public, tokens)
	defer end()
	if *atVendor {
		if flows, err = configured(realFlows(*public, tokens)); err != nil {
			return err
		}
	}
	fmt.Fprintf(out, "Open %s in a browser. Tokens go to %s.\n", *public, *dir)
	server := &http.Server{Handler: newApp(flows), ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// keptIn makes the directory of the tokens. Where everybody may write, somebody else could
// have made it before, so none is guessed for tokens that count.
func keptIn(dir *string, atVendor bool) (err error) {
	switch {
	case *dir != "":
		return os.MkdirAll(*dir, 0o700)
	case atVendor:
		return errors.New("name a directory that only you can write to")
	}
	*dir, err = os.MkdirTemp("", "souk-oauth")
	return err
}
