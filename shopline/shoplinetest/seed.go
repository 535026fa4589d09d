package shoplinetest

import (
	"fmt"
	"time"
)

// Seed adds n customers, derived from a number: the seventh is Customer 7 with
// customer7@example.test and 0085200000007. The next call continues the numbers.
func (s *Server) Seed(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock().Truncate(time.Second)
	for range n {
		s.store.seed(now)
	}
}

func (s *store) seed(now time.Time) {
	s.seeded++
	cu := newCustomer(now)
	cu.serial = s.nextSerial()
	cu.firstName, cu.lastName = "Customer", fmt.Sprint(s.seeded)
	cu.email = fmt.Sprintf("customer%d@example.test", s.seeded)
	cu.phone = fmt.Sprintf("00852%08d", s.seeded)
	s.customers = append(s.customers, cu)
}
