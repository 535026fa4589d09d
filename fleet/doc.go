// Package fleet lets many processes work on the same stores through one Redis:
// they share each store's quota, its tokens, the deliveries that were handled, and
// how far each walk has come.
//
//	rdb := redis.NewClient(&redis.Options{Addr: "redis.internal:6379", ContextTimeoutEnabled: true})
//	err := fleet.Check(ctx, rdb) // is this Redis fit for tokens?
//	quota, err := fleet.NewLimiter(rdb, "shopline:demo-store", fleet.SHOPLINE, fleet.LimiterOptions{})
//	tokens, err := fleet.NewTokenStore(rdb, fleet.Keyring{Active: "2026", Keys: keys})
//	source, err := oauth.TokenSource("demo-store", tokens)
//	client, err := shopline.NewClient(shopline.Config{
//		Handle:      "demo-store",
//		TokenSource: source,
//		Options:     souk.Options{Limiter: quota},
//	})
//
// The other two are [NewSeen], for the webhook handlers of salla, shopline and
// shoplazza, and [NewPositions], for walks that another process resumes.
//
// # Redis
//
// The package requires Redis 6.2 or later, and a client with
// [redis.Options.ContextTimeoutEnabled], so that a context also ends a wait for Redis.
// All data of one step is under one key, or under keys with the same hash tag, as Redis
// Cluster requires; the package was not tested on a cluster. All keys begin with
// "souk:". Only the clock of the Redis server counts, so the clocks of the processes
// may differ.
//
// Tokens must survive a restart of Redis: turn on its append-only file. [Check] reports
// whether a server is fit for tokens. All other data may be lost: a quota then counts
// as used up and refills at its pace, a repeated delivery is handled again, and a walk
// starts again.
//
// While Redis cannot be reached, every function returns an error, and nothing is sent
// to a vendor; only a Limiter can be set to go on with a local share. An error of Redis
// names the option that fixes it, if there is one.
//
// For costs and sizes, see [scale.md].
//
// [scale.md]: https://github.com/souk-go/souk/blob/main/docs/scale.md
//
//souk:given ctx context.Context, keys map[string][]byte, oauth shopline.OAuth
package fleet
