// Standin serves the stand-in of a vendor on loopback, for programs in any language and
// for trying things out. It prints where it listens and with which credentials, and a
// line for each request.
//
//	go run -C examples ./standin -vendor shopline
//	go run -C examples ./standin -vendor xclade -addr 127.0.0.1:9000 -seed customers.json
//	go run -C examples ./standin -vendor shopline -customers 3000
//	go run -C examples ./standin -vendor salla -fault operation=Customers.Create,status=503,times=2
//
// The other examples find it with -real, when what it prints is in their environment;
// -unlimited lets them send as fast as they can.
//
// A seed file is a JSON list of customers, each as the vendor's API takes it when one is
// created. A fault is a list of settings: operation, method, path, times (0 once, -1
// always), delay, processed, drop, status, retry-after, body and truncate; package
// souktest says what they mean. -operations lists the operations.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/souk-go/souk/examples/internal/command"
	"github.com/souk-go/souk/examples/internal/served"
	"github.com/souk-go/souk/souktest"
)

func main() { command.Main("standin", run) }

// maxCustomers is how many customers a stand-in serves at a good pace.
const maxCustomers = 100_000

// settings are what the flags say.
type settings struct {
	vendor, addr, seed string
	customers          int
	operations         bool
	faults             []souktest.Fault
}

func parse(arguments []string, errors io.Writer) (settings, error) {
	var s settings
	flags := flag.NewFlagSet("standin", flag.ContinueOnError)
	flags.StringVar(&s.vendor, "vendor", "", "whose stand-in: "+strings.Join(known(), ", "))
	flags.StringVar(&s.addr, "addr", "127.0.0.1:0", "loopback address and port to listen at; port 0 takes a free one")
	flags.StringVar(&s.seed, "seed", "", "JSON `file` with a list of customers to begin with")
	flags.IntVar(&s.customers, "customers", 0, "how many made-up customers there are to begin with")
	flags.BoolVar(&s.operations, "operations", false, "list the operations that a fault can name, and end")
	flags.Func("fault", "how requests fail, such as operation=Customers.Create,status=503; may be given several times", func(text string) error {
		f, err := parseFault(text)
		s.faults = append(s.faults, f)
		return err
	})
	if err := command.Parse(flags, arguments, errors); err != nil {
		return s, err
	}
	switch {
	case s.customers < 0 || s.customers > maxCustomers:
		return s, fmt.Errorf("-customers must be from 0 to %d", maxCustomers)
	case !slices.Contains(known(), s.vendor):
		return s, fmt.Errorf("-vendor must be one of %s", strings.Join(known(), ", "))
	}
	return s, nil
}

// run serves until the context ends.
func run(ctx context.Context, arguments []string, out, errors io.Writer) error {
	s, err := parse(arguments, errors)
	if err != nil {
		return err
	}
	v := start(s.vendor)
	defer v.server.Close()
	if s.operations {
		fmt.Fprintln(out, strings.Join(v.server.Operations(), "\n"))
		return nil
	}
	for _, f := range s.faults {
		if f.Operation != "" && !slices.Contains(v.server.Operations(), f.Operation) {
			return fmt.Errorf("-fault: %s has no operation %q; -operations lists them", s.vendor, f.Operation)
		}
	}
	listener, err := listen(ctx, s.addr)
	if err != nil {
		return err
	}
	defer listener.Close()
	v.server.Seed(s.customers)
	if s.seed != "" {
		n, err := v.seedFile(ctx, s.seed)
		if err != nil {
			return fmt.Errorf("-seed: %w", err)
		}
		fmt.Fprintf(out, "# %d customers from %s\n", n, s.seed)
	}
	for _, f := range s.faults {
		v.server.Inject(f)
	}
	fmt.Fprintf(out, "%s_BASE_URL=http://%s\n", strings.ToUpper(s.vendor), listener.Addr())
	for _, line := range v.credentials {
		fmt.Fprintln(out, line)
	}
	fmt.Fprintln(out, "READY")
	return serve(ctx, listener, logged(v.server, log.New(out, "", log.Ltime)))
}

// listen takes loopback addresses only: a stand-in keeps no secrets.
func listen(ctx context.Context, addr string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("-addr: %w", err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("-addr: %s is not a loopback address such as 127.0.0.1", host)
	}
	return new(net.ListenConfig).Listen(ctx, "tcp", addr)
}

func serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// logged writes a line for each request, without query, headers and bodies.
func logged(handler http.Handler, to *log.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		served.Tell(handler, func(r *http.Request, status int) {
			to.Printf("%s %s %s %s", r.Method, r.URL.EscapedPath(), statusText(status), time.Since(began).Round(time.Millisecond))
		}).ServeHTTP(w, r)
	})
}

func statusText(status int) string {
	if status == 0 {
		return "dropped"
	}
	return fmt.Sprint(status)
}
