package shoplinetest

import (
	"hash/fnv"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// order is an order of a customer, with whatever fields its maker gave it.
type order struct {
	serial int64
	fields map[string]any
}

func (o order) number() int64 { return o.serial }

// AddOrder gives a customer an order with these fields, and with an id and a name if
// they are missing. It reports whether the customer exists.
func (s *Server) AddOrder(customerID string, fields map[string]any) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	cu, err := s.store.find(customerID)
	if err != nil {
		return false
	}
	o := order{serial: s.store.nextSerial(), fields: object{}}
	o.fields["id"] = "2105022431212188732" + strconv.FormatInt(o.serial, 10)
	o.fields["name"] = strconv.Itoa(1000 + len(cu.orders) + 1)
	o.fields["status"] = "open"
	maps.Copy(o.fields, fields)
	cu.orders = append(cu.orders, o)
	return true
}

// TagID returns the store's id of a tag, for RemoveTags.
func TagID(tag string) string {
	sum := fnv.New64a()
	_, _ = sum.Write([]byte(tag)) // never fails
	return "SL201UT" + strconv.FormatUint(sum.Sum64(), 10)
}

func (s *store) listOrders(c *call) (any, error) {
	cu, err := s.find(c.ids[0])
	if err != nil {
		return nil, err
	}
	status := c.query.Get("status")
	if status != "open" && status != "cancelled" && status != "any" {
		return nil, invalid("status", "must be open, cancelled or any")
	}
	rows, err := page(c, cu.orders, 100, func(filters url.Values) (func(order) bool, error) {
		return func(o order) bool {
			return cu.isBehind(o, filters.Get("since_id")) && (status == "any" || o.fields["status"] == status)
		}, nil
	})
	if err != nil {
		return nil, err
	}
	list := make([]object, len(rows))
	for i, o := range rows {
		list[i] = o.fields
	}
	return object{"list": list}, nil
}

// isBehind reports whether an order comes behind the one with this id in a list,
// whose newest order is the first. Every order does if there is no id.
func (cu *customer) isBehind(o order, id string) bool {
	if id == "" || id == "0" {
		return true
	}
	i := slices.IndexFunc(cu.orders, func(other order) bool { return other.fields["id"] == id })
	return i >= 0 && o.serial < cu.orders[i].serial
}

func (s *store) listSubscriptions(c *call) (any, error) {
	list := []object{}
	for id := range strings.SplitSeq(c.query.Get("customer_ids"), ",") {
		cu, err := s.find(id)
		if err != nil {
			continue
		}
		for kind, account := range []struct {
			name string
			flag int
		}{{cu.email, cu.emailFlag}, {cu.phone, cu.mobileFlag}} {
			if account.name == "" || account.flag == notSubscribed {
				continue
			}
			list = append(list, object{
				"customer_id": cu.id(), "status": account.flag, "subscribe_account": account.name,
				"subscribe_account_type": kind, "subscribe_channel": 3, "subscribe_time": stamp(cu.updatedAt),
			})
		}
	}
	return object{"user_subscribe_info_list": list}, nil
}

func (s *store) addToBlacklist(c *call) (any, error) {
	return s.setState(c, func(int) int { return stateBlacklisted })
}

func (s *store) removeFromBlacklist(c *call) (any, error) {
	return s.setState(c, func(old int) int { return max(old, stateNotInvited) })
}

func (s *store) setState(c *call, next func(old int) int) (any, error) {
	var in struct {
		CustomerID string `json:"customer_id"`
	}
	if err := c.decodeFlat(&in); err != nil {
		return nil, err
	}
	cu, err := s.find(in.CustomerID)
	if err != nil {
		return nil, err
	}
	cu.state, cu.updatedAt = next(cu.state), c.now
	return nil, nil
}

func (s *store) sendInvite(c *call) (any, error) {
	cu, err := s.find(c.ids[0])
	if err != nil {
		return nil, err
	}
	if cu.email == "" {
		return nil, invalid("email", "must be there for an invitation")
	}
	if cu.state == stateNotInvited {
		cu.state = stateInvited
	}
	return object{"customer_invite": object{"from": "shop@" + handle + ".example", "to": cu.email}}, nil
}

func (s *store) activationURL(c *call) (any, error) {
	cu, err := s.find(c.ids[0])
	if err != nil {
		return nil, err
	}
	if cu.state == stateRegistered {
		return nil, refusal{http.StatusUnprocessableEntity, "The customer is registered."}
	}
	address := "https://" + handle + ".myshopline.com/user/activate?token=" + traceID()
	return object{"data": object{"account_activation_url": address}}, nil
}

func (s *store) removeTags(c *call) (any, error) {
	var in struct {
		UserID string   `json:"user_id"`
		TagIDs []string `json:"tag_ids"`
	}
	if err := c.decodeFlat(&in); err != nil {
		return nil, err
	}
	cu, err := s.find(in.UserID)
	if err != nil {
		return nil, err
	}
	cu.tags = slices.DeleteFunc(cu.tags, func(tag string) bool { return slices.Contains(in.TagIDs, TagID(tag)) })
	cu.updatedAt = c.now
	return nil, nil
}
