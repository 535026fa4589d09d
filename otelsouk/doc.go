// Package otelsouk traces and measures the calls of souk's clients with OpenTelemetry.
// [New] returns an Observer for the Options of any client:
//
//	client, err := shopline.NewClient(shopline.Config{
//		Handle:  "my-store",
//		Token:   token,
//		Options: souk.Options{Observer: otelsouk.New(otelsouk.Config{})},
//	})
//
// # Traces
//
// A call has a span of kind internal, and below it a span of kind client for each
// attempt. Both are named by method and route, such as "GET /customers/{id}", and have
// the attributes http.request.method, url.template, server.address and, if they failed,
// error.type. An attempt also has http.response.status_code and, from the second one
// on, http.request.resend_count. A call also has souk.vendor and souk.attempts, and an
// event for each wait, each token renewal that it began, and each value of another kind
// than documented.
//
// A log-in and a token renewal are calls of their own, with their own spans.
//
// # Metrics
//
//	http.client.request.duration  seconds    each attempt
//	souk.call.duration            seconds    each call, waits included
//	souk.call.attempts            {attempt}  how many a call took
//	souk.wait.duration            seconds    each wait, by souk.wait.reason: pace, held, retry
//	souk.token.refreshes          {refresh}  renewals of tokens
//	souk.drift                    {value}    values of another kind than documented
//
// [ObserveQuota] adds souk.quota.limit, souk.quota.remaining and souk.quota.queue of
// one client.
//
// # What is left out
//
// No span or metric holds an id, a query, a header, a body or a text from the server.
// So there is no url.full, which the semantic conventions ask for. server.address is
// the store's host if the vendor gives each store one.
//
//souk:given token string
package otelsouk
