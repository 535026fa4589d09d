package sallatest

import (
	"math"

	"github.com/souk-go/souk/souktest"
)

func deposit(s *Server, c *call) souktest.Answer { return s.store.pay(c, 1, "amount") }

func withdraw(s *Server, c *call) souktest.Answer { return s.store.pay(c, -1, "amount_float") }

// pay changes a wallet. The amount has another key for each direction.
func (s *store) pay(c *call, sign float64, key string) souktest.Answer {
	found := make(findings)
	id, _ := number(c.body["customer_id"])
	row := s.customer(id)
	if row == nil {
		found.add("customer_id", textInvalid)
	}
	amount, ok := c.body["amount"].(float64)
	if !ok || amount <= 0 || row != nil && row.balance+sign*amount < 0 {
		found.add("amount", textInvalid)
	}
	if len(found) > 0 {
		return invalid(found)
	}
	if row.walletID == 0 {
		row.walletID, row.walletCreated = s.nextID(), c.now
	}
	row.balance = math.Round((row.balance+sign*amount)*100) / 100
	return success(object{
		"status": "confirmed", key: sign * amount, "date": phpDate(c.now),
		"wallet": object{"id": row.walletID, "balance": row.balance, "created_at": plainDate(row.walletCreated)},
	})
}
