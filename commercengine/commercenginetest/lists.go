package commercenginetest

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/souk-go/souk/commercengine"
)

// What follows has no operation that creates it.

// AddLoyaltyActivities adds changes of a customer's points, to the end of the
// list. It reports whether the customer is known.
func (s *Server) AddLoyaltyActivities(customerID string, activities ...commercengine.LoyaltyActivity) bool {
	return s.change(customerID, func(d *customerData) { d.activities = appendAny(d.activities, activities) })
}

// SetLoyalty makes a customer take part in the loyalty programme. It reports whether
// the customer is known.
func (s *Server) SetLoyalty(customerID, tier string, pointsBalance int) bool {
	return s.change(customerID, func(d *customerData) {
		d.loyalty = object{
			"membership_number": "M-" + customerID[20:], "current_tier": tier, "date_of_join": stamp(s.clock()),
			"date_of_assign": stamp(s.clock()), "date_of_reset": nil, "points_balance": pointsBalance,
			"points_earned": pointsBalance, "points_redeemed": 0, "total_orders": 0, "lifetime_orders": 0,
			"total_spent": 0, "lifetime_spent": 0, "lifetime_savings": 0,
		}
	})
}

// AddReviews adds reviews of a customer. It reports whether the customer is known.
func (s *Server) AddReviews(customerID string, reviews ...commercengine.Review) bool {
	return s.change(customerID, func(d *customerData) { d.reviews = appendAny(d.reviews, reviews) })
}

// AddAuthorizedSellers adds sellers that a customer may buy from. It reports
// whether the customer is known.
func (s *Server) AddAuthorizedSellers(customerID string, sellers ...commercengine.Seller) bool {
	return s.change(customerID, func(d *customerData) { d.sellers = appendAny(d.sellers, sellers) })
}

// AddCards adds saved cards of a customer. It reports whether the customer is known.
func (s *Server) AddCards(customerID string, cards ...commercengine.Card) bool {
	return s.change(customerID, func(d *customerData) { d.cards = appendAny(d.cards, cards) })
}

// AddDebitSchedules adds debits under a customer's mandates. It reports whether
// the customer is known.
func (s *Server) AddDebitSchedules(customerID string, schedules ...commercengine.DebitSchedule) bool {
	return s.change(customerID, func(d *customerData) { d.schedules = appendAny(d.schedules, schedules) })
}

// SetSavedPaymentMethods sets the payment methods that a customer has used. It reports
// whether the customer is known.
func (s *Server) SetSavedPaymentMethods(customerID string, methods commercengine.SavedPaymentMethods) bool {
	return s.change(customerID, func(d *customerData) { d.methods = methods })
}

// SetCreditLine gives a customer a credit line. It reports whether the customer
// is known.
func (s *Server) SetCreditLine(customerID string, balance commercengine.CreditLineBalance) bool {
	return s.change(customerID, func(d *customerData) { d.credit = balance })
}

func (s *Server) change(customerID string, f func(*customerData)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, u := range s.store.users {
		if u.customer.id == customerID {
			f(u.customer)
			return true
		}
	}
	return false
}

func appendAny[T any](list []any, more []T) []any {
	for _, value := range more {
		list = append(list, value)
	}
	return list
}

func getLoyalty(_ *Server, c *call) (any, error) {
	if c.data().loyalty == nil {
		return nil, notFound()
	}
	return object{"loyalty": c.data().loyalty}, nil
}

func listActivities(_ *Server, c *call) (any, error) {
	if !isSort(c.query.Get("sort_by")) {
		return nil, invalidField("sort_by", "must be a JSON object of asc and desc")
	}
	part, _, err := page(c, c.data().activities)
	return object{"loyalty_points_activity": part}, err
}

// isSort reports whether an order is none, or {"created_at":"desc"} and the like.
func isSort(text string) bool {
	var order map[string]string
	if text == "" {
		return true
	}
	err := json.Unmarshal([]byte(text), &order)
	for _, direction := range order {
		if direction != "asc" && direction != "desc" {
			return false
		}
	}
	return err == nil
}

func listReviews(_ *Server, c *call) (any, error) {
	return object{"reviews": some(c.data().reviews), "ready_for_review": []any{}}, nil
}

func listSellers(_ *Server, c *call) (any, error) {
	part, pagination, err := page(c, c.data().sellers)
	return object{"authorized_sellers": part, "pagination": pagination}, err
}

func listCards(_ *Server, c *call) (any, error) {
	return object{"cards": some(c.data().cards)}, nil
}

func listPaymentMethods(_ *Server, c *call) (any, error) {
	wanted := c.query.Get("payment_methods")
	if !isSelection(wanted, "upi_collect", "wallet", "card") {
		return nil, invalidField("payment_methods", "must be some of upi_collect, wallet and card")
	}
	methods, ok := c.data().methods.(commercengine.SavedPaymentMethods)
	if !ok {
		return object{"saved_payment_methods": object{}}, nil
	}
	answer := object{}
	for name, list := range map[string]any{"upi_collect": methods.UPICollect, "wallet": methods.Wallet, "card": methods.Card} {
		if wanted == "" || strings.Contains(","+wanted+",", ","+name+",") {
			answer[name] = list
		}
	}
	return object{"saved_payment_methods": answer}, nil
}

// isSelection reports whether a text is empty or some of the names, with commas
// between them.
func isSelection(text string, names ...string) bool {
	for name := range strings.SplitSeq(text, ",") {
		if text != "" && !slices.Contains(names, name) {
			return false
		}
	}
	return true
}

func listDebitSchedules(_ *Server, c *call) (any, error) {
	part, pagination, err := page(c, c.data().schedules)
	return object{"mandate_debit_schedules": part, "pagination": pagination}, err
}

func getCreditLine(_ *Server, c *call) (any, error) {
	active := rows{}
	for _, mandate := range c.data().mandates {
		if mandate["status"] == "active" {
			active = append(active, mandate)
		}
	}
	return object{"is_eligible": c.data().credit != nil, "credit_line_balance": c.data().credit, "active_mandates": active}, nil
}

func some(list []any) []any { return append([]any{}, list...) }
