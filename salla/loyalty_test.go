package salla_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/salla"
)

func TestLoyaltyPointsList(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{
		Path: "/admin/v2/customers/loyalty/points", Header: sentBare, Query: url.Values{"customer_id": {"1227534533"}},
	}).Fixture(200, "loyalty_get_200.json")

	list, err := newClient(t, gock).LoyaltyPoints.List(t.Context(), salla.ListLoyaltyPointsRequest{CustomerID: 1227534533})

	require.NoError(t, err)
	assert.Equal(t, []salla.LoyaltyPoint{
		{
			Name: "مخصصة", Points: 900, Status: "مؤكدة", CreatedAt: at(t, "2024-12-17 17:42:14"), ExpiryDate: at(t, "2029-02-17 17:42:14"),
			OrderID: "98787845454", Notes: "reason text", ReferenceID: "3215487",
		},
		{
			Name: "مخصصة", Points: 900, Status: "مؤكدة", CreatedAt: at(t, "2024-12-17 17:15:47"), ExpiryDate: at(t, "2029-02-17 17:15:47"),
			OrderID: "123432", UsedAt: at(t, "2025-12-31 23:59:59"), Notes: "sample note", ReferenceID: "1234321",
		},
	}, list.LoyaltyPoints)
	next, more := list.Next()
	assert.True(t, more)
	assert.Equal(t, salla.ListLoyaltyPointsRequest{CustomerID: 1227534533, Page: 2}, next)
}

// The link to the next page is plain http and is not followed.
func TestLoyaltyPointsAllCountsPages(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{Path: "/admin/v2/customers/loyalty/points", Query: url.Values{"customer_id": {"7"}, "per_page": {"60"}}}).
		JSON(200, `{"status":200,"success":true,"data":[{"points":900},{"points":900}],"pagination":{"total":3,"perPage":2,"currentPage":1,"totalPages":2,"links":{"next":"http://api.salla.dev/admin/v2/customers/loyalty/points?customer_id=7&page=2"}}}`)
	gock.Expect(testkit.Request{Path: "/admin/v2/customers/loyalty/points", Query: url.Values{"customer_id": {"7"}, "per_page": {"60"}, "page": {"2"}}}).
		JSON(200, `{"status":200,"success":true,"data":[{"points":5,"order_id":null,"reference_id":null,"used_at":{}}],"pagination":{"total":3,"perPage":2,"currentPage":2,"totalPages":2}}`)

	var points []int64
	for change, err := range newClient(t, gock).LoyaltyPoints.All(t.Context(), salla.ListLoyaltyPointsRequest{CustomerID: 7}) {
		require.NoError(t, err)
		points = append(points, change.Points)
	}

	assert.Equal(t, []int64{900, 900, 5}, points)
}

func change() salla.UpdateLoyaltyPointsRequest {
	return salla.UpdateLoyaltyPointsRequest{
		Points: 900, Type: salla.PointsPlus, Reason: "Valid reason text",
		ChannelSend: []salla.LoyaltyChannel{salla.ChannelEmail, salla.ChannelSMS}, Customers: []int64{748394059, 873874834},
	}
}

func TestLoyaltyPointsUpdate(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		status  int
		fixture string
		class   error
		text    string
	}{
		{"done", 201, "loyalty_post_201.json", nil, ""},
		{"400 without code", 400, "loyalty_post_400_no_code.json", souk.ErrInvalid, "salla: POST /customers/loyalty/points: 400 invalid: حدث خطأ أثناء تحديث نقاط الولاء للعملاء"},
		{"422", 422, "loyalty_post_422.json", souk.ErrInvalid, "salla: POST /customers/loyalty/points: 422 invalid (error): alert.invalid_fields; customers: حقل customers غير صالح"},
		{"403", 403, "loyalty_post_403.json", souk.ErrForbidden, "salla: POST /customers/loyalty/points: 403 forbidden (error): ليس لديك صلاحية"},
		{"401", 401, "loyalty_get_401.json", souk.ErrUnauthorized, "salla: POST /customers/loyalty/points: 401 unauthorized (Invalid-token): please provide a valid API Key"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			gock.Expect(testkit.Request{
				Method: "POST", Path: "/admin/v2/customers/loyalty/points", Header: sentAsJSON, Body: fixture(t, "loyalty_post_request.json"),
			}).Fixture(tt.status, tt.fixture)

			err := newClient(t, gock).LoyaltyPoints.Update(t.Context(), change())

			if tt.class == nil {
				assert.NoError(t, err)
				return
			}
			assert.ErrorIs(t, err, tt.class)
			assert.EqualError(t, err, tt.text)
		})
	}
}

func TestLoyaltyPointsUpdateOfAll(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{
		Method: "POST", Path: "/admin/v2/customers/loyalty/points",
		Body: raw(`{"reset_points":true,"type":"minus","reason":"new year","channel_send":["mobile"],"select_all":true}`),
	}).Fixture(201, "loyalty_post_201.json")

	err := newClient(t, gock).LoyaltyPoints.Update(t.Context(), salla.UpdateLoyaltyPointsRequest{
		ResetPoints: true, Type: salla.PointsMinus, Reason: "new year", ChannelSend: []salla.LoyaltyChannel{salla.ChannelMobile}, SelectAll: true,
	})

	assert.NoError(t, err)
}

func TestLoyaltyPointsRefuse(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(*salla.UpdateLoyaltyPointsRequest)
		want   string
	}{
		{"no points", func(r *salla.UpdateLoyaltyPointsRequest) { r.Points = 0 }, "Points: must be 1 to 999999"},
		{"a million", func(r *salla.UpdateLoyaltyPointsRequest) { r.Points = 1_000_000 }, "Points: must be 1 to 999999"},
		{"negative with reset", func(r *salla.UpdateLoyaltyPointsRequest) { r.Points, r.ResetPoints = -1, true }, "Points: must be 0 to 999999"},
		{"type", func(r *salla.UpdateLoyaltyPointsRequest) { r.Type = "add" }, `Type: must be "plus" or "minus"`},
		{"reason", func(r *salla.UpdateLoyaltyPointsRequest) { r.Reason = "" }, "Reason: must say why, in a few words"},
		{"channels", func(r *salla.UpdateLoyaltyPointsRequest) { r.ChannelSend = nil }, `ChannelSend: must not be empty: "email", "sms" or "mobile"`},
		{"nobody", func(r *salla.UpdateLoyaltyPointsRequest) { r.Customers = nil }, "Customers: must not be empty, unless SelectAll is set"},
		{"id 0", func(r *salla.UpdateLoyaltyPointsRequest) { r.Customers = []int64{0} }, "Customers[0]: must be a positive id"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			request := change()
			tt.change(&request)

			err := silent(t).LoyaltyPoints.Update(t.Context(), request)

			assert.ErrorIs(t, err, souk.ErrInvalid)
			// Numbers of six digits are masked like those of telephones.
			e := requireError(t, err)
			field, text, _ := strings.Cut(tt.want, ": ")
			assert.Equal(t, map[string][]string{field: {text}}, e.Fields)
		})
	}
}

func TestLoyaltyPointsListRefuses(t *testing.T) {
	t.Parallel()

	_, err := silent(t).LoyaltyPoints.List(t.Context(), salla.ListLoyaltyPointsRequest{Limit: 61})

	assert.EqualError(t, err, "salla: GET /customers/loyalty/points: invalid; CustomerID: must be a positive id; Limit: must be 1 to 60; 0 means Salla's default")
}
