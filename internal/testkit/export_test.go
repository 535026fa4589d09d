package testkit

import "net/http"

// After waits for ready before it takes step.
func After(ready <-chan struct{}, step Step) Step {
	return Step{unread: step.unread, serve: func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-ready:
			step.serve(w, r)
		case <-r.Context().Done():
		}
	}}
}
