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
// shoplazza, and [NewPositions], for walks that another process goes on with.
//
// # Redis
//
// Redis 6.2 or later, and a client with [redis.Options.ContextTimeoutEnabled], so that
// a context ends a wait for Redis, too. What takes part in one step stands under one
// key, or under keys with the same hash tag, as Redis Cluster demands; on a cluster it
// was not tested. All keys begin with "souk:". No clock but that of the Redis server
// counts, so those of the processes may differ.
//
// Tokens must survive a restart of Redis: turn on its append-only file. [Check] says what
// makes a server unfit for them. The rest may be lost. A quota of which Redis knows
// nothing counts as used up and fills at its pace; a delivery of which it knows nothing is
// handled again; a walk begins anew.
//
// While Redis cannot be reached every function returns an error, and nothing is sent to
// a vendor; only a Limiter can be told to go on with a share of its own. An error of Redis
// names the option that mends it, where one does.
//
// What all of it costs, and how large it gets, is in [scale.md].
//
// [scale.md]: https://github.com/souk-go/souk/blob/main/docs/scale.md
//
//souk:given ctx context.Context, keys map[string][]byte, oauth shopline.OAuth
package fleet
