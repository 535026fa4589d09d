// Package souk holds what the packages for the five vendors share: the error type, the
// options of a client, and the settings of a single call. It sends nothing itself. The
// clients are in the packages [salla], [commercengine], [shopline], [shoplazza] and
// [xclade].
//
// # Errors
//
// Every failed call returns an [*Error]. Its class says what to do, whichever the
// vendor:
//
//	switch {
//	case errors.Is(err, souk.ErrNotFound): // there is none
//	case errors.Is(err, souk.ErrAlreadyExists): // the e-mail address is taken
//	case errors.Is(err, souk.ErrOutcomeUnknown): // sent, but not confirmed: look before you repeat it
//	case errors.Is(err, souk.ErrReauthorize): // a person has to install the app, or log in, again
//	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded): // the call's own context ended
//	}
//
// An error can match several classes: a write whose context ended before the answer
// came matches [ErrOutcomeUnknown] and the context's error. So test first for what
// matters most. The Error also holds status, code, fields and request id. Which classes
// a vendor never uses, and which only that vendor has, is described in the section
// Errors of its package.
//
// # Options
//
// [Options] are embedded in the Config of every vendor, so that one value serves all
// clients of a program:
//
//	options := souk.Options{Logger: logger, UserAgent: "erp-sync/1.4"}
//	store, err := shopline.NewClient(shopline.Config{Handle: "open001", Token: token, Options: options})
//
// An [Observer] in the options is informed of calls, attempts, waits and token
// refreshes.
//
// # One call
//
// Settings for a single call travel in its context: [WithResponse] captures the
// answer's status, headers and request id, [WithHeader] adds headers, and
// [WithMaxAttempts] and [WithAttemptTimeout] replace the client's settings. Log-ins,
// token refreshes and the pages of a walk do not inherit them.
//
// # Tokens
//
// A [TokenStore] keeps tokens that are renewed, a [TokenSource] returns them.
// [NewFileTokenStore] serves one machine; a program that runs on several machines keeps
// its tokens in Redis, with module fleet, or in its own database, by implementing
// TokenStore.
//
// # Webhooks
//
// [salla], [shopline] and [shoplazza] deliver events. Each has a NewWebhookHandler,
// which proves that a [Delivery] comes from the vendor and passes it on once; a [Seen]
// remembers which deliveries were handled. [NewMemorySeen] serves one process; several
// processes share the Seen of module fleet or one of their own.
//
// # Tests
//
// Each vendor has a stand-in, such as [xcladetest], which needs no network and works
// in testing/synctest. Package [souktest] has what the stand-ins share.
//
// # Guides
//
// A page for each task, such as lists, tokens, many stores, proxies, and moving here
// from other code, is in the [docs] of the repository.
//
// [salla]: https://pkg.go.dev/github.com/souk-go/souk/salla
// [commercengine]: https://pkg.go.dev/github.com/souk-go/souk/commercengine
// [shopline]: https://pkg.go.dev/github.com/souk-go/souk/shopline
// [shoplazza]: https://pkg.go.dev/github.com/souk-go/souk/shoplazza
// [xclade]: https://pkg.go.dev/github.com/souk-go/souk/xclade
// [xcladetest]: https://pkg.go.dev/github.com/souk-go/souk/xclade/xcladetest
// [docs]: https://github.com/souk-go/souk/tree/main/docs
// [souktest]: https://pkg.go.dev/github.com/souk-go/souk/souktest
//
//souk:given err error, logger *slog.Logger, token string
package souk
