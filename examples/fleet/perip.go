package main

import (
	"net/http"
	"strings"
	"sync"
	"time"
)

// perIP is Salla's limit that the stand-ins, of one store each, cannot keep: 500 requests
// for /customers in ten minutes from one address.
type perIP struct {
	mu       sync.Mutex
	requests []time.Time // of the last ten minutes
}

func (l *perIP) keep(handler http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/admin/v2/customers") && !l.take(time.Now()) {
			http.Error(w, `{"status":429,"success":false,"error":{"code":"too_many_requests"}}`, http.StatusTooManyRequests)
			return
		}
		handler.ServeHTTP(w, r)
	})
}

func (l *perIP) take(now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.requests) > 0 && now.Sub(l.requests[0]) >= 10*time.Minute {
		l.requests = l.requests[1:]
	}
	if len(l.requests) >= 500 {
		return false
	}
	l.requests = append(l.requests, now)
	return true
}
