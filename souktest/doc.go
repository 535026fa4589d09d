// Package souktest has what the stand-ins of the vendors have in common: faults, the
// record of requests, and a client that reaches them without a socket. The stand-ins
// themselves are in salla/sallatest and its sisters; each embeds a [Server].
//
//	server := xcladetest.NewServer()
//	defer server.Close()
//	server.Seed(100)
//	client, err := xclade.NewClient(server.Config())
//
// # Options
//
// The Config of a stand-in has the HTTP client that reaches it, and often a Limiter
// that keeps no pace, among its Options. So set what your program needs field by
// field, and do not replace Options as a whole:
//
//	cfg := server.Config()
//	cfg.Logger, cfg.Observer = logger, observer
//
// # Faults
//
// A [Fault] says what goes wrong, and for which method of the SDK. Here the first
// creation is refused for half a minute, and the answer to the next one is lost:
//
//	server.Inject(souktest.Fault{
//		Operation: "Customers.Create",
//		Status:    http.StatusTooManyRequests,
//		Header:    http.Header{"Retry-After": {"30"}},
//	})
//	server.Inject(souktest.Fault{Operation: "Customers.Create", Processed: true, Drop: true})
//
// Within testing/synctest none of that takes real time.
//
// # Stores of your own
//
// [TestTokenStore] and [TestSeen] tell whether what you have written on your database
// does as the SDK needs it.
//
// The package needs no test framework.
//
//souk:given server *xcladetest.Server, logger *slog.Logger, observer *souk.Observer
package souktest
