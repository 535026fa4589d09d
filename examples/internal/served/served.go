// Package served reports what the servers of the example programs answer.
package served

import "net/http"

// Tell calls told after each request to handler with the status of the answer, or 0 if
// handler ended the connection.
func Tell(handler http.Handler, told func(r *http.Request, status int)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := &answered{ResponseWriter: w}
		defer func() { told(r, answer.status) }() // also after a panic, which ends the connection
		handler.ServeHTTP(answer, r)
	})
}

// answered remembers the status.
type answered struct {
	http.ResponseWriter
	status int
}

func (a *answered) WriteHeader(status int) {
	a.status = status
	a.ResponseWriter.WriteHeader(status)
}

// Unwrap lets faults end the connection.
func (a *answered) Unwrap() http.ResponseWriter { return a.ResponseWriter }
