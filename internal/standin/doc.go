// Package standin has what the vendors' stand-ins share and users do not need: routes,
// the requests of deliveries, and limits.
package standin
