package ratelimit

import (
	"net/http"
	"testing"
)

func BenchmarkUncontended(b *testing.B) {
	key := Key{Vendor: "bench", Host: "bench.example", App: "app"}
	limit := Limit{Burst: 1 << 30, Rate: 1 << 30}
	answer := Answer{Status: http.StatusOK, Header: http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		ticket, err := For(key, limit).Wait(b.Context(), WaitOptions{})
		if err != nil {
			b.Fatal(err)
		}
		ticket.Done(answer)
	}
}

func BenchmarkUncontendedPair(b *testing.B) {
	limit := Limit{Burst: 1 << 30, Rate: 1 << 30}
	narrow := For(Key{Host: "pair.example", Bucket: "narrow"}, limit)
	wide := For(Key{Host: "pair.example", Bucket: "wide"}, limit)
	b.ReportAllocs()
	for b.Loop() {
		first, err := narrow.Wait(b.Context(), WaitOptions{})
		if err != nil {
			b.Fatal(err)
		}
		second, err := wide.Wait(b.Context(), WaitOptions{})
		if err != nil {
			b.Fatal(err)
		}
		DoneAll(Answer{Status: http.StatusOK}, first, second)
	}
}

func BenchmarkUncontendedLearned(b *testing.B) {
	key := Key{Vendor: "bench", Host: "learned.example", App: "app"}
	answer := Answer{Status: http.StatusOK, Header: http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		ticket, err := For(key, Limit{}).Wait(b.Context(), WaitOptions{})
		if err != nil {
			b.Fatal(err)
		}
		ticket.Done(answer)
	}
}
