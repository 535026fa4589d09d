package xclade_test

import (
	"context"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/xclade"
)

// listings are requests for lists, and what sends them. Their branches are there, so
// that they are filled, too.
func listings() map[string]struct {
	request any // a pointer
	send    func(context.Context, *xclade.Client, any) error
} {
	type listing = struct {
		request any
		send    func(context.Context, *xclade.Client, any) error
	}
	some := xclade.CustomerFilter{HasAccount: new(true)}
	named := xclade.CustomerGroupFilter{CreatedAt: xclade.TimeRange{After: time.Unix(1, 0)}}
	return map[string]listing{
		"customers": {
			&xclade.ListCustomersRequest{And: []xclade.CustomerFilter{some}, Or: []xclade.CustomerFilter{some, some}},
			func(ctx context.Context, c *xclade.Client, req any) error {
				_, err := c.Customers.List(ctx, *req.(*xclade.ListCustomersRequest))
				return err
			},
		},
		"groups": {
			&xclade.ListCustomerGroupsRequest{And: []xclade.CustomerGroupFilter{named}, Or: []xclade.CustomerGroupFilter{named, named}},
			func(ctx context.Context, c *xclade.Client, req any) error {
				_, err := c.CustomerGroups.List(ctx, *req.(*xclade.ListCustomerGroupsRequest))
				return err
			},
		},
		"addresses": {
			&xclade.ListAddressesRequest{},
			func(ctx context.Context, c *xclade.Client, req any) error {
				_, err := c.Addresses.List(ctx, "cus_1", *req.(*xclade.ListAddressesRequest))
				return err
			},
		},
	}
}

// eachField calls f with every field below v that can be set, and its path.
func eachField(v reflect.Value, path string, f func(path string, field reflect.Value)) {
	switch v.Kind() {
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() || v.Type() == reflect.TypeFor[xclade.Fields]() {
			return
		}
		for i := range v.NumField() {
			field := v.Type().Field(i)
			below := path + "." + field.Name
			if field.Anonymous {
				below = path
			}
			eachField(v.Field(i), below, f)
		}
		return
	case reflect.Slice:
		for i := range v.Len() {
			eachField(v.Index(i), path+"["+string(rune('0'+i))+"]", f)
		}
	}
	f(path[1:], v)
}

// A server leaves a filter without values out, and lists everything: whoever deletes
// what it lists would empty the store.
func TestFiltersWithoutValuesAreRefused(t *testing.T) {
	t.Parallel()
	for name, l := range listings() {
		client := newClient(t, testkit.NewGock(t))
		var refused []string
		eachField(reflect.ValueOf(l.request).Elem(), "", func(path string, field reflect.Value) {
			if field.Kind() != reflect.Slice {
				return
			}
			before := reflect.New(field.Type()).Elem()
			before.Set(field)
			field.Set(reflect.MakeSlice(field.Type(), 0, 0))
			defer field.Set(before)

			err := l.send(t.Context(), client, l.request)

			require.ErrorIs(t, err, souk.ErrInvalid, "%s %s", name, path)
			assert.NotEmpty(t, requireError(t, err).Fields[path], "%s %s: %v", name, path, err)
			refused = append(refused, path)
		})
		switch name {
		case "addresses":
			assert.Len(t, refused, 5)
		case "groups":
			assert.Len(t, refused, 4*10+2)
			assert.Contains(t, refused, "Or[1].Customers.Email.NotIn")
		default:
			assert.Len(t, refused, 4*9+2)
		}
	}
}

// The server looks for each word of Q, and finds everything where there is none.
func TestASearchForBlanksIsRefused(t *testing.T) {
	t.Parallel()
	client := newClient(t, testkit.NewGock(t))
	for _, q := range []string{" ", "\t\n", "\u00a0"} {
		_, customers := client.Customers.List(t.Context(), xclade.ListCustomersRequest{Q: q})
		_, groups := client.CustomerGroups.List(t.Context(), xclade.ListCustomerGroupsRequest{Q: q})
		_, addresses := client.Addresses.List(t.Context(), "cus_1", xclade.ListAddressesRequest{Q: q})
		for _, err := range []error{customers, groups, addresses} {
			require.ErrorIs(t, err, souk.ErrInvalid)
			assert.NotEmpty(t, requireError(t, err).Fields["Q"], "%q: %v", q, err)
		}
	}
}

func TestBranchesWithoutAConditionAreRefused(t *testing.T) {
	t.Parallel()
	client := newClient(t, testkit.NewGock(t))
	tests := map[string]xclade.ListCustomersRequest{
		"Or[1]":  {Or: []xclade.CustomerFilter{{Email: []string{"a@b.example"}}, {}}},
		"Or[0]":  {Or: []xclade.CustomerFilter{{Groups: xclade.GroupMatch{}}}},
		"And[0]": {And: []xclade.CustomerFilter{{}, {Email: []string{"a@b.example"}}}},
	}
	for field, req := range tests {
		_, err := client.Customers.List(t.Context(), req)
		assert.NotEmpty(t, requireError(t, err).Fields[field], "%v", err)
		for _, err := range client.Customers.All(t.Context(), req) {
			assert.NotEmpty(t, requireError(t, err).Fields[field], "%v", err)
		}
	}
	_, err := client.CustomerGroups.List(t.Context(), xclade.ListCustomerGroupsRequest{Or: []xclade.CustomerGroupFilter{{}}})
	assert.NotEmpty(t, requireError(t, err).Fields["Or[0]"], "%v", err)
}

// The server cannot store the character NUL, nor search for it.
func TestTextsWithNULAreRefused(t *testing.T) {
	t.Parallel()
	for name, l := range listings() {
		client := newClient(t, testkit.NewGock(t))
		texts := 0
		eachField(reflect.ValueOf(l.request).Elem(), "", func(path string, field reflect.Value) {
			before := reflect.New(field.Type()).Elem()
			before.Set(field)
			defer field.Set(before)
			switch {
			case field.Kind() == reflect.String:
				field.SetString("a\x00b")
			case field.Type() == reflect.TypeFor[[]string]():
				field.Set(reflect.ValueOf([]string{"a", "\x00"}))
			default:
				return
			}
			texts++
			require.ErrorIs(t, l.send(t.Context(), client, l.request), souk.ErrInvalid, "%s %s", name, path)
		})
		assert.NotZero(t, texts)
	}
}

func TestRelationsAreAskedForByName(t *testing.T) {
	t.Parallel()
	client := newClient(t, testkit.NewGock(t))
	for _, fields := range []xclade.Fields{
		{Only: []string{"email", "addresses"}}, {Add: []string{"groups"}}, {Add: []string{"groups.customers"}}, {Only: []string{"customers"}},
	} {
		_, err := client.Customers.Get(t.Context(), "cus_1", xclade.GetCustomerRequest{Fields: fields})
		e := requireError(t, err)
		require.ErrorIs(t, err, souk.ErrInvalid)
		assert.True(t, slices.Contains(e.Fields["Fields"], "Only and Add must not name relations, which the server leaves out without a word: name them in Relations"), "%v", err)
	}
}
