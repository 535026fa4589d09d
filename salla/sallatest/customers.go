package sallatest

import (
	"bytes"
	"fmt"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/souk-go/souk/souktest"
)

// maxListed is how many customers a list shows.
const maxListed = 10_000

func createCustomer(s *Server, c *call) souktest.Answer {
	made := &customer{created: c.now, updated: c.now}
	if found := s.store.fill(made, c); len(found) > 0 {
		return invalid(found)
	}
	made.id = s.store.nextID()
	s.store.customers = append(s.store.customers, made)
	return success(made.print(nil))
}

func getCustomer(s *Server, c *call) souktest.Answer {
	found := s.store.customer(c.id)
	if found == nil {
		return notFound()
	}
	return success(found.print(c.query["fields[]"]))
}

func listCustomers(s *Server, c *call) souktest.Answer {
	var rows []*customer
	keyword, from, to := strings.ToLower(c.query.Get("keyword")), c.query.Get("date_from"), c.query.Get("date_to")
	for _, row := range slices.Backward(s.store.customers) {
		if row.matches(keyword) && row.cameBetween(from, to) {
			rows = append(rows, row)
		}
	}
	return paged(c, 15, maxListed, rows, func(row *customer) any { return row.print(listed(c.query["fields[]"])) })
}

// cameBetween reports whether the customer was created on one of the days. An
// empty day is no bound.
func (c *customer) cameBetween(from, to string) bool {
	if from == "" && to == "" {
		return true
	}
	day := c.created.In(riyadh).Format(time.DateOnly)
	return (from == "" || day >= from) && (to == "" || day <= to)
}

func updateCustomer(s *Server, c *call) souktest.Answer {
	found := s.store.customer(c.id)
	if found == nil {
		return notFound()
	}
	changed := *found
	if wrong := s.store.fill(&changed, c); len(wrong) > 0 {
		return invalid(wrong)
	}
	*found = changed
	found.updated = c.now
	return success(found.print(nil))
}

func deleteCustomer(s *Server, c *call) souktest.Answer {
	if s.store.customer(c.id) == nil {
		return notFound()
	}
	s.store.customers = slices.DeleteFunc(s.store.customers, func(row *customer) bool { return row.id == c.id })
	return success([]string{"تم حذف Customer بنجاح"})
}

func ban(s *Server, c *call) souktest.Answer {
	found := s.store.customer(c.id)
	if found == nil {
		return notFound()
	}
	reason, _ := c.text("reason")
	if reason == "" {
		return invalid(findings{"reason": {textRequired}})
	}
	found.banned = reason
	return sentence(http.StatusOK, http.StatusCreated, "The Blacklist has been updated successfully")
}

func unban(s *Server, c *call) souktest.Answer {
	found := s.store.customer(c.id)
	if found == nil {
		return notFound()
	}
	found.banned = ""
	return sentence(http.StatusAccepted, http.StatusAccepted, "The customer in the blacklist has been removed successfully")
}

// importCustomers takes a file and does nothing with it.
func importCustomers(_ *Server, c *call) souktest.Answer {
	_, params, err := mime.ParseMediaType(c.request.Header.Get("Content-Type"))
	if err != nil {
		return invalid(findings{"file": {textRequired}})
	}
	part, err := multipart.NewReader(bytes.NewReader(c.raw), params["boundary"]).NextPart()
	if err != nil || part.FormName() != "file" || part.FileName() == "" {
		return invalid(findings{"file": {textRequired}})
	}
	if n, _ := part.Read(make([]byte, 1)); n == 0 {
		return refusal(http.StatusUnprocessableEntity, "error", "الملف المرفوع فارغ!")
	}
	return sentence(http.StatusOK, http.StatusOK, "يتم حالياً معالجة الملف وسوف يستغرق بعض الوقت")
}

// fill puts the members of a body into a customer and returns what is wrong.
func (s *store) fill(row *customer, c *call) findings {
	found := make(findings)
	for name, target := range map[string]*string{"first_name": &row.first, "last_name": &row.last} {
		if text, ok := c.text(name); ok {
			if !isName(text) {
				found.add(name, textTooLong)
			}
			*target = text
		}
	}
	s.fillContact(row, c, found)
	s.fillGroups(row, c, found)
	if text, ok := c.text("gender"); ok {
		if text != "" && text != "male" && text != "female" {
			found.add("gender", textInvalid)
		}
		row.gender = text
	}
	if text, ok := c.text("birthday"); ok {
		day, err := time.ParseInLocation(time.DateOnly, text, riyadh)
		if err != nil && text != "" {
			found.add("birthday", textInvalid)
		}
		row.birthday = day
	}
	if row.first+row.last == "" {
		found.add("first_name", textRequired)
	}
	row.index()
	return found
}

func (s *store) fillContact(row *customer, c *call, found findings) {
	if text, ok := c.text("email"); ok {
		if text != "" && !email.MatchString(text) {
			found.add("email", textInvalid)
		}
		row.email = text
	}
	if text, ok := c.text("mobile_code_country"); ok {
		if text != "" && !dialCode.MatchString(text) {
			found.add("mobile", textInvalid) // it is the number that Salla complains of
		}
		row.code = text
	}
	if text, ok := c.text("mobile"); ok {
		if text != "" && !digits.MatchString(text) {
			found.add("mobile", textInvalid)
		}
		row.mobile = strings.TrimLeft(text, "0")
	}
	address := foldEmail(row.email)
	for _, other := range s.customers {
		if other.id == row.id {
			continue
		}
		if row.email != "" && other.folded == address {
			found.add("email", textTaken)
		}
		if row.mobile != "" && other.mobile == row.mobile && other.code == row.code {
			found.add("mobile", textTaken)
		}
	}
}

func (s *store) fillGroups(row *customer, c *call, found findings) {
	if _, ok := c.body["groups"]; !ok {
		return
	}
	ids, _ := list(c.body["groups"])
	for i, id := range ids {
		if s.group(id) == nil {
			found.add(fmt.Sprintf("groups.%d", i), textInvalid)
		}
	}
	row.groups = ids
}

// print is the customer as Salla shows it, with the extras asked for.
func (c *customer) print(extras []string) object {
	out := object{
		"id": c.id, "full_name": strings.TrimSpace(c.first + " " + c.last), "first_name": c.first, "last_name": c.last,
		"mobile": nil, "mobile_code": c.code, "email": c.email, "gender": c.gender, "birthday": phpDate(c.birthday),
		"urls":   object{"customer": "https://shop.example.test/profile", "admin": fmt.Sprintf("https://s.example.test/customers/%d", c.id)},
		"avatar": "https://cdn.example.test/avatar-male.webp", "city": "", "country": "السعودية", "country_code": "SA", "currency": "SAR",
		"location": "", "lang": "ar", "created_at": phpDate(c.created), "updated_at": phpDate(c.updated), "groups": c.groups,
	}
	if c.groups == nil {
		out["groups"] = []int64{}
	}
	if n, err := strconv.ParseInt(c.mobile, 10, 64); err == nil {
		out["mobile"] = n
	}
	c.printExtras(out, extras)
	return out
}

func (c *customer) printExtras(out object, extras []string) {
	for _, name := range extras {
		switch name {
		case "orders_count", "orders_amount":
			out["stats"] = object{"orders_count": 0, "orders_amount": 0}
		case "is_blocked":
			out[name] = c.banned != ""
		case "block_reason":
			out[name] = nil
			if c.banned != "" {
				out[name] = c.banned
			}
		case "is_whitelisted", "is_inactive", "is_orders_rated":
			out[name] = false
		case "is_notifications_enabled":
			out[name] = true
		case "wallet_balance":
			out[name] = c.balance
		case "total_points", "orders_average", "orders_complete_ratio", "orders_cancel_ratio", "orders_cancel":
			out[name] = 0
		case "custom_fields":
			out[name] = []any{}
		case "current_store_customer":
			out[name] = object{"id": c.id, "approval_status": 1, "reason": nil, "created_at": phpDate(c.created), "updated_at": phpDate(c.updated), "last_login_date": nil}
		case "latest_purchase", "abandoned_carts_items", "country_id":
			out[name] = nil
		}
	}
}

// listed are the extras that lists have.
func listed(extras []string) []string {
	return slices.DeleteFunc(slices.Clone(extras), func(name string) bool {
		return strings.HasPrefix(name, "orders_") || name == "latest_purchase" || name == "abandoned_carts_items" || name == "wallet_balance"
	})
}
