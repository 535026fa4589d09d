// Package souktest is what the stand-ins of the vendors have in common: faults, the
// record of requests, and a client that reaches them without a socket. The stand-ins
// are in salla/sallatest and its sisters. It needs no test framework.
package souktest
