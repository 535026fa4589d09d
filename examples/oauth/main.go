// Oauth installs an app at stores of Salla, SHOPLINE and Shoplazza: a small web program
// with a page for each step. Tokens are kept in files.
//
//	go run -C examples ./oauth
//	go run -C examples ./oauth -real -addr 127.0.0.1:8080 -url https://app.example
//
// Without -real the stores are stand-ins, and the program plays the merchant's part, too.
// With it the app is the one that the environment names: SALLA_CLIENT_ID and
// SALLA_CLIENT_SECRET, SHOPLINE_APP_KEY, SHOPLINE_APP_SECRET and SHOPLINE_HANDLE,
// SHOPLAZZA_CLIENT_ID, SHOPLAZZA_CLIENT_SECRET and SHOPLAZZA_SHOP. Register
// -url with /callback/salla, /callback/shopline or /callback/shoplazza behind it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"github.com/souk-go/souk"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "oauth:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	addr := flag.String("addr", "127.0.0.1:0", "address to listen at; port 0 takes a free one")
	public := flag.String("url", "", "URL under which browsers find the program; http and its address by default")
	dir := flag.String("tokens", filepath.Join(os.TempDir(), "souk-oauth"), "`directory` of the tokens")
	atVendor := flag.Bool("real", false, "install the app that the environment names, in place of one at stand-ins")
	flag.Parse()

	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", *addr)
	if err != nil {
		return err
	}
	if *public == "" {
		*public = "http://" + listener.Addr().String()
	}
	tokens := souk.NewFileTokenStore(*dir)
	flows, end := standInFlows(*public, tokens)
	if *atVendor {
		flows, end = realFlows(*public, tokens), func() {}
	}
	defer end()
	fmt.Printf("Open %s in a browser. Tokens go to %s.\n", *public, *dir)
	server := &http.Server{Handler: newApp(flows), ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
