package salla

// The types as Salla spells them, for tests of what decodes.
type (
	CustomerWire          = customerWire
	GroupWire             = groupWire
	LoyaltyPointWire      = loyaltyPointWire
	WalletTransactionWire = walletTransactionWire
	WebhookWire           = webhookWire
	OTPWire               = otpWire
	UserWire              = userWire
	PaginationWire        = pagination
)

// Plain returns how a customer as Salla spells one is seen by users.
func (w *CustomerWire) Plain() Customer { return w.plain() }
