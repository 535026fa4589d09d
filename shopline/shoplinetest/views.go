package shoplinetest

import (
	"strconv"
	"strings"
	"time"
)

// The same customer looks different from one end point to the next. base is what
// all of them have.
func (cu *customer) base() object {
	v := object{
		"id": cu.id(), "email": orNull(cu.email), "phone": orNull(cu.phone),
		"first_name": orNull(cu.firstName), "last_name": orNull(cu.lastName),
		"state": cu.state, "note": orNull(cu.note), "tags": orNull(strings.Join(cu.tags, ",")),
		"currency": "USD", "orders_count": len(cu.orders), "total_spent": "0.00",
		"last_order_id": nil, "last_order_name": nil,
		"verified_email": cu.verifiedEmail, "email_subscribe_flag": cu.emailFlag, "mobile_subscribe_flag": cu.mobileFlag,
		"email_marketing_consent": cu.emailConsent.view(), "sms_marketing_consent": cu.smsConsent.view(),
		"accepts_marketing": cu.emailFlag == subscribed, "accepts_marketing_updated_at": nil,
		"accepts_mobile_marketing_updated_at": nil,
		"asid":                                nil, "multipass_identifier": orNull(cu.multipass),
		"default_address": nil, "addresses": cu.embedded(),
		"created_at": stamp(cu.createdAt), "updated_at": stamp(cu.updatedAt),
	}
	for _, a := range cu.addresses {
		if a.isDefault {
			v["default_address"] = a.embedded(cu)
		}
	}
	if n := len(cu.orders); n > 0 {
		last := cu.orders[n-1]
		v["last_order_id"], v["last_order_name"] = last.fields["id"], last.fields["name"]
	}
	return v
}

// full is what all end points but the update have.
func (cu *customer) full() object {
	v := cu.base()
	v["birthday"] = orNull(cu.birthday)
	v["language"] = nil
	v["social_customer"] = nil
	v["accepts_mobile_marketing"] = cu.mobileFlag == subscribed
	v["gender"] = cu.genderWord("others")
	return v
}

// created is what the creation answers: nothing is known of orders yet.
func (cu *customer) created() object {
	v := cu.full()
	v["orders_count"] = nil
	v["total_spent"] = "0"
	return v
}

// updated is what the update answers: some fields are missing, and one has
// another name.
func (cu *customer) updated() object {
	v := cu.base()
	v["accepts_phone_marketing"] = cu.mobileFlag == subscribed
	v["gender"] = cu.genderWord("unknown")
	return v
}

func (cu *customer) got() object {
	v := cu.full()
	v["nick_name"] = orNull(strings.TrimSpace(cu.firstName + " " + cu.lastName))
	v["gender"] = cu.genderWord("unknown")
	return v
}

// listed is what lists hold: who has no order has one that is not available.
func (cu *customer) listed() object {
	v := cu.got()
	v["gender"] = cu.genderWord("others")
	if len(cu.orders) == 0 {
		v["last_order_id"], v["last_order_name"] = "N/A", "N/A"
	}
	return v
}

// member is what the list of a group holds: one flag is a text.
func (cu *customer) member() object {
	v := cu.listed()
	v["mobile_subscribe_flag"] = strconv.Itoa(cu.mobileFlag)
	v["last_order_time"] = nil
	return v
}

// genderWord is the word for a gender, and unset for the one that was never set.
func (cu *customer) genderWord(unset string) string {
	return []string{unset, "male", "female", "secret"}[cu.gender]
}

func (cu *customer) embedded() []object {
	list := make([]object, len(cu.addresses))
	for i, a := range cu.addresses {
		list[i] = a.embedded(cu)
	}
	return list
}

func (c *consent) view() any {
	if c == nil {
		return nil
	}
	return object{
		"state": c.state, "opt_in_level": c.level,
		"consent_collected_from": orNull(c.collectedFrom), "consent_updated_at": stamp(c.updatedAt),
	}
}

// storeZone is the time zone of the store.
var storeZone = time.FixedZone("", 8*60*60)

func stamp(t time.Time) string { return t.In(storeZone).Format("2006-01-02T15:04:05-07:00") }
