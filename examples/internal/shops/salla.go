package shops

import (
	"context"
	"os"
	"strconv"
	"strings"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/salla"
	"github.com/souk-go/souk/salla/sallatest"
)

func openSalla(how How) (*Shop, error) {
	config := salla.Config{Token: os.Getenv("SALLA_TOKEN"), BaseURL: os.Getenv("SALLA_BASE_URL"), Options: how.options()}
	end := func() {}
	if !how.Real {
		server := sallatest.NewServer()
		server.Seed(how.Seed)
		config, end = server.Config(), server.Close
		config.Limiter = how.limiter()
	}
	client, err := salla.NewClient(config)
	if err != nil {
		return nil, err
	}
	shop := Salla(client)
	shop.Store, shop.Close = how.store(config.Token, config.BaseURL), end
	return shop, nil
}

// Salla is the store at Salla that a client is for.
func Salla(client *salla.Client) *Shop {
	groups := groupsOfSalla(client)
	return &Shop{
		Vendor: "salla",
		Walk: func(position string) Walk {
			return rows[salla.Customer]{client.Customers.Walk(salla.ListCustomersRequest{}, position), func(ctx context.Context, c *salla.Customer) (Contact, error) {
				contact := ofSalla(c)
				var err error
				contact.Tags, err = groups.named(ctx, c.Groups)
				return contact, err
			}}
		},
		Upsert: func(ctx context.Context, c Contact) (souk.Change, error) {
			code, national := "", ""
			if c.Phone != "" {
				code, national = parts(c.Phone)
			}
			ids, err := groups.of(ctx, c.Tags)
			if err != nil {
				return "", err
			}
			_, change, err := client.Customers.Upsert(ctx, salla.CreateCustomerRequest{
				FirstName: c.FirstName, LastName: c.LastName, Email: c.Email,
				Mobile: national, MobileCodeCountry: code, Birthday: c.Birthday, Gender: salla.Gender(c.Gender), Groups: ids,
			})
			return change, err
		},
		Holds: []string{"email", "phone", "first_name", "last_name", "birthday", "gender", "tags"},
		Close: func() {},
	}
}

func groupsOfSalla(client *salla.Client) *groups[int64] {
	return &groups[int64]{
		read: func(ctx context.Context) (map[int64]string, error) {
			names := map[int64]string{}
			for group, err := range client.CustomerGroups.All(ctx, salla.ListCustomerGroupsRequest{}) {
				if err != nil {
					return nil, err
				}
				names[group.ID] = group.Name
			}
			return names, nil
		},
		create: func(ctx context.Context, name string) (int64, error) {
			group, err := client.CustomerGroups.Create(ctx, salla.CreateCustomerGroupRequest{Name: name})
			if err != nil {
				return 0, err
			}
			return group.ID, nil
		},
	}
}

func ofSalla(c *salla.Customer) Contact {
	contact := Contact{
		ID: strconv.FormatInt(c.ID, 10), Email: c.Email, FirstName: c.FirstName, LastName: c.LastName,
		Birthday: day(c.Birthday), Gender: gender(string(c.Gender)), CreatedAt: c.CreatedAt,
	}
	if c.Mobile != "" {
		contact.Phone = nearly("+" + strings.TrimPrefix(c.MobileCode, "+") + c.Mobile)
	}
	return contact
}
