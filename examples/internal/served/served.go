// Package served tells the example programs how their servers have answered.
package served

import "net/http"

// Tell calls told after each request that handler has answered, with the status, or with 0
// if it ended the connection.
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
