// Package standin has what the vendors' stand-ins share and users do not need: routes
// and the requests of deliveries.
package standin
