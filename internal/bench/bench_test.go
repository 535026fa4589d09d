package bench

import "testing"

// The benchmarks are for benchstat: they compare the SDK with itself at another commit.
// The twin stands beside it, to tell what the machine did from what the change did.

// BenchmarkCreate creates one row.
func BenchmarkCreate(b *testing.B) { benchmark(b, creating) }

// BenchmarkPage reads a page.
func BenchmarkPage(b *testing.B) { benchmark(b, paging) }

func benchmark(b *testing.B, work func(testing.TB, vendor, string) pair) {
	server := startServer(b)
	for _, v := range vendors {
		p := work(b, v, server)
		for _, one := range []struct {
			name string
			work func() error
		}{{"souk", p.souk}, {"twin", p.twin}} {
			b.Run(v.name+"/"+one.name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if err := one.work(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
