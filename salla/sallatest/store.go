package sallatest

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// store is what the server knows.
type store struct {
	lastID    int64
	seeded    int
	customers []*customer // oldest first
	groups    []*group
	points    []*points
	exports   []*export
	webhooks  []*webhook
	features  any // of the default group
}

type customer struct {
	id                         int64
	first, last, email, gender string
	folded                     string // email as it is compared
	search                     string // what a keyword is looked for in, in lower case
	code, mobile               string
	birthday                   time.Time
	groups                     []int64
	created, updated           time.Time
	banned                     string
	balance                    float64
	walletID                   int64
	walletCreated              time.Time
}

type group struct {
	id   int64
	name string
}

type points struct {
	customer int64
	change   int64
	notes    string
	created  time.Time
	id       int64
}

type export struct {
	kind    string
	created time.Time
}

type webhook struct {
	id                     int64
	name, event, url, rule string
	version                int64
	headers                map[string]string
	strategy               string
	secured                bool
}

func newStore() *store { return &store{lastID: 2_147_483_600} }

// nextID returns an id; they grow, as Salla's mostly do, soon beyond 32 bits.
func (s *store) nextID() int64 {
	s.lastID++
	return s.lastID
}

func (s *store) customer(id int64) *customer {
	i := slices.IndexFunc(s.customers, func(c *customer) bool { return c.id == id })
	if i < 0 {
		return nil
	}
	return s.customers[i]
}

func (s *store) group(id int64) *group {
	i := slices.IndexFunc(s.groups, func(g *group) bool { return g.id == id })
	if i < 0 {
		return nil
	}
	return s.groups[i]
}

// Seed adds n customers, created at a rate of a hundred a day, the last one now. Their
// names, e-mail addresses and mobile numbers are derived from a number, which begins
// with 1 and continues at the next call.
func (s *Server) Seed(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	for i := range n {
		s.store.seeded++
		created := now.Add(-time.Duration(n-1-i) * 24 * time.Hour / 100)
		made := &customer{
			id: s.store.nextID(), first: "Customer", last: fmt.Sprint(s.store.seeded),
			email: fmt.Sprintf("customer%d@example.test", s.store.seeded),
			code:  "+966", mobile: fmt.Sprintf("5%08d", s.store.seeded),
			created: created, updated: created,
		}
		made.index()
		s.store.customers = append(s.store.customers, made)
	}
}

// index notes what the customer is found by.
func (c *customer) index() {
	texts := []string{c.first + " " + c.last, c.email, strings.TrimPrefix(c.code, "+") + c.mobile}
	c.folded = foldEmail(c.email)
	c.search = strings.ToLower(strings.Join(texts, "\x00"))
}

// matches reports whether a keyword, in lower case, occurs in what Salla searches.
func (c *customer) matches(keyword string) bool { return strings.Contains(c.search, keyword) }
