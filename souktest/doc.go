// Package souktest holds what the stand-ins of the vendors share: faults, the record of
// requests, and a client that reaches them without a socket. The stand-ins themselves
// are in packages such as salla/sallatest; each embeds a [Server].
//
//	server := xcladetest.NewServer()
//	defer server.Close()
//	server.Seed(100)
//	client, err := xclade.NewClient(server.Config())
//
// # Options
//
// The Options in a stand-in's Config hold the HTTP client that reaches it, and often a
// Limiter without a pace. So set the options that your program needs field by field; do
// not replace Options as a whole:
//
//	cfg := server.Config()
//	cfg.Logger, cfg.Observer = logger, observer
//
// # Faults
//
// A [Fault] says what goes wrong, and for which method of the SDK. Here the first
// creation is refused for 30 seconds, and the answer to the next one is lost:
//
//	server.Inject(souktest.Fault{
//		Operation: "Customers.Create",
//		Status:    http.StatusTooManyRequests,
//		Header:    http.Header{"Retry-After": {"30"}},
//	})
//	server.Inject(souktest.Fault{Operation: "Customers.Create", Processed: true, Drop: true})
//
// In testing/synctest none of that takes real time.
//
// # Stores of your own
//
// [TestTokenStore] and [TestSeen] test whether a store of your own does what the SDK
// requires.
//
// The package requires no test framework.
//
//souk:given server *xcladetest.Server, logger *slog.Logger, observer *souk.Observer
package souktest
