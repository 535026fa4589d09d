// Package souk has what the packages for the five vendors share: the error of a
// call that failed, the options of a client, what keeps its tokens and paces it,
// and what can be said of one call through its context.
//
// It sends nothing itself. The clients are in the packages salla, commercengine,
// shopline, shoplazza and xclade, and what their stand-ins share in souktest.
package souk
