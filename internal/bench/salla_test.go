package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/salla"
)

// sallaShop serves no more than 60 rows on a page.
var sallaShop = vendor{
	name:  "salla",
	rows:  60,
	serve: serveSalla,
	souk:  soukAtSalla,
	twin:  twinAtSalla,
}

const (
	sallaListed = 10_000 // rows of a list are shown, and counted
	sallaOfADay = 5_000  // rows were created
)

// sallaNewest is the day of the newest row.
var sallaNewest = time.Date(2026, time.November, 20, 0, 0, 0, 0, time.UTC)

func sallaDay(place int) time.Time { return sallaNewest.AddDate(0, 0, -place/sallaOfADay) }

// sallaRow has the id first, and for the day what follows it in the row.
var (
	sallaRow = newTemplate(`$,"full_name":"Ali Ahmed","first_name":"Ali","last_name":"Ahmed",
		"mobile":567000000,"mobile_code":"+966","email":"ali.$@example.test",
		"urls":{"customer":"https://demostore.example.test/demo/profile","admin":"https://s.example.test/customers/$"},
		"avatar":"https://cdn.example.test/avatar_male.png","gender":"male",
		"birthday":{"date":"1997-06-03 00:00:00.000000","timezone_type":3,"timezone":"Asia/Riyadh"},"city":"جدة",
		"country":"السعودية | Saudi Arabia","country_code":"SA","currency":"SAR",
		"location":"حي المحمدية - شارع المثال","lang":"ar","groups":[1113849985],
		"block_reason":null,"is_blocked":false,"is_inactive":false,"is_notifications_enabled":true,`)
	sallaDates = newTemplate(`"created_at":{"date":"$ 12:23:42.000000","timezone_type":3,"timezone":"Asia/Riyadh"},
		"updated_at":{"date":"$ 12:23:42.000000","timezone_type":3,"timezone":"Asia/Riyadh"}}`)
)

func appendSallaRow(body []byte, place int) []byte {
	body = sallaRow.append(append(body, `{"id":`...), digits(place))
	return sallaDates.append(body, sallaDay(place).Format(time.DateOnly))
}

// serveSalla numbers its pages, newest row first, and lists by days.
func serveSalla(r *http.Request, s stock) answer {
	if r.Method == http.MethodPost {
		return answer{body: append(appendSallaRow([]byte(`{"status":200,"success":true,"data":`), 0), '}')}
	}
	newest, end := 0, s.rows
	if day, err := time.Parse(time.DateOnly, r.URL.Query().Get("date_to")); err == nil {
		newest = min(max(0, int(sallaNewest.Sub(day)/(24*time.Hour)))*sallaOfADay, end)
	}
	if day, err := time.Parse(time.DateOnly, r.URL.Query().Get("date_from")); err == nil {
		end = max(newest, min(max(0, int(sallaNewest.Sub(day)/(24*time.Hour))+1)*sallaOfADay, end))
	}
	total := min(end-newest, sallaListed)
	page, size := parameter(r, "page", 1), parameter(r, "per_page", 15)
	from, to := stock{total}.between((page-1)*size, size)
	body := listed([]byte(`{"status":200,"success":true,"data":[`), newest+from, newest+to, appendSallaRow)
	return answer{body: fmt.Appendf(body, `],"pagination":{"count":%d,"total":%d,"perPage":%d,"currentPage":%d,"totalPages":%d,"links":[]}}`,
		to-from, total, size, page, max((total+size-1)/size, 1))}
}

func soukAtSalla(tb testing.TB, base string, transport http.RoundTripper) client {
	tb.Helper()
	options := optionsOf(transport)
	options.Limiter = unlimited()
	c, err := salla.NewClient(salla.Config{BaseURL: base, Token: "token", Options: options})
	require.NoError(tb, err)
	return client{
		create: func(ctx context.Context) error {
			_, err := c.Customers.Create(ctx, salla.CreateCustomerRequest{
				FirstName: "Ali", LastName: "Ahmed", Mobile: "567000000", MobileCodeCountry: "+966",
				Email: "ali@example.test", Gender: salla.GenderMale, Birthday: "1997-06-03",
				Groups: []int64{1113849985}, CountryCode: "SA",
			})
			return err
		},
		page: func(ctx context.Context, rows int) (int, error) {
			page, err := c.Customers.List(ctx, salla.ListCustomersRequest{Limit: rows})
			if err != nil {
				return 0, err
			}
			return len(page.Customers), nil
		},
		all: func(ctx context.Context, rows int, each func()) error {
			return rowsOf(c.Customers.All(ctx, salla.ListCustomersRequest{Limit: rows}), each)
		},
	}
}

type sallaTwinCustomer struct {
	ID                     int64         `json:"id"`
	FullName               string        `json:"full_name"`
	FirstName              string        `json:"first_name"`
	LastName               string        `json:"last_name"`
	Mobile                 json.Number   `json:"mobile"`
	MobileCode             string        `json:"mobile_code"`
	Email                  string        `json:"email"`
	URLs                   sallaTwinURLs `json:"urls"`
	Avatar                 string        `json:"avatar"`
	Gender                 string        `json:"gender"`
	Birthday               sallaTwinTime `json:"birthday"`
	City                   string        `json:"city"`
	Country                string        `json:"country"`
	CountryCode            string        `json:"country_code"`
	Currency               string        `json:"currency"`
	Location               string        `json:"location"`
	Language               string        `json:"lang"`
	CreatedAt              sallaTwinTime `json:"created_at"`
	UpdatedAt              sallaTwinTime `json:"updated_at"`
	Groups                 []int64       `json:"groups"`
	IsBlocked              *bool         `json:"is_blocked"`
	IsInactive             *bool         `json:"is_inactive"`
	IsNotificationsEnabled *bool         `json:"is_notifications_enabled"`
	BlockReason            string        `json:"block_reason"`
}

type sallaTwinURLs struct {
	Customer string `json:"customer"`
	Admin    string `json:"admin"`
}

// sallaTwinTime is a time as PHP prints it.
type sallaTwinTime struct{ time.Time }

func (t *sallaTwinTime) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	var printed struct {
		Date string `json:"date"`
		Zone string `json:"timezone"`
	}
	if err := json.Unmarshal(data, &printed); err != nil {
		return err
	}
	zone := sallaTwinZone
	if printed.Zone != sallaTwinZone.String() {
		var err error
		if zone, err = time.LoadLocation(printed.Zone); err != nil {
			return err
		}
	}
	var err error
	t.Time, err = time.ParseInLocation(time.DateTime, printed.Date, zone)
	return err
}

var sallaTwinZone = time.FixedZone("Asia/Riyadh", 3*60*60)

type sallaTwinCreate struct {
	FirstName         string  `json:"first_name,omitempty"`
	LastName          string  `json:"last_name,omitempty"`
	Mobile            string  `json:"mobile,omitempty"`
	MobileCodeCountry string  `json:"mobile_code_country,omitempty"`
	Email             string  `json:"email,omitempty"`
	Gender            string  `json:"gender,omitempty"`
	Birthday          string  `json:"birthday,omitempty"`
	Groups            []int64 `json:"groups,omitempty"`
	CountryCode       string  `json:"country_code,omitempty"`
}

type sallaTwinPage struct {
	Status     int                 `json:"status"`
	Success    bool                `json:"success"`
	Data       []sallaTwinCustomer `json:"data"`
	Pagination struct {
		Count       int `json:"count"`
		Total       int `json:"total"`
		PerPage     int `json:"perPage"`
		CurrentPage int `json:"currentPage"`
		TotalPages  int `json:"totalPages"`
	} `json:"pagination"`
}

func twinAtSalla(base string, transport http.RoundTripper) client {
	t := newTwin(base+"/admin/v2", "Authorization", "Bearer token", transport)
	list := func(ctx context.Context, size, number int) (*sallaTwinPage, error) {
		query := url.Values{"per_page": {strconv.Itoa(size)}}
		if number > 1 {
			query.Set("page", strconv.Itoa(number))
		}
		var page sallaTwinPage
		if _, err := t.get(ctx, "/customers", query, &page); err != nil {
			return nil, err
		}
		return &page, nil
	}
	return client{
		create: func(ctx context.Context) error {
			var out struct {
				Status  int                `json:"status"`
				Success bool               `json:"success"`
				Data    *sallaTwinCustomer `json:"data"`
			}
			return t.post(ctx, "/customers", sallaTwinCreate{
				FirstName: "Ali", LastName: "Ahmed", Mobile: "567000000", MobileCodeCountry: "+966",
				Email: "ali@example.test", Gender: "male", Birthday: "1997-06-03",
				Groups: []int64{1113849985}, CountryCode: "SA",
			}, &out)
		},
		page: func(ctx context.Context, rows int) (int, error) {
			page, err := list(ctx, rows, 1)
			if err != nil {
				return 0, err
			}
			return len(page.Data), nil
		},
		all: func(ctx context.Context, rows int, each func()) error {
			return twinPages(func(place string) (int, string, error) {
				number := pageOf(place)
				page, err := list(ctx, rows, number)
				if err != nil {
					return 0, "", err
				}
				return len(page.Data), pageAfter(number, number < page.Pagination.TotalPages), nil
			}, each)
		},
	}
}
