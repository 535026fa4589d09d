package salla_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/salla"
)

func TestExportsCustomers(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		request salla.ExportCustomersRequest
		body    string
	}{
		{"default", salla.ExportCustomersRequest{}, `{"type":"customers"}`},
		{"sample", salla.ExportCustomersRequest{Type: salla.ExportCustomersSample}, `{"type":"customers-sample"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			gock.Expect(testkit.Request{Method: "POST", Path: "/admin/v2/exports/customers", Header: sentAsJSON, Body: raw(tt.body)}).
				Fixture(200, "export_200.json")

			receipt, err := newClient(t, gock).Exports.Customers(t.Context(), tt.request)

			require.NoError(t, err)
			assert.Equal(t, &salla.Receipt{Message: "The export is being prepared and will be sent by e-mail"}, receipt)
		})
	}
}

func TestExportsLogs(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{Path: "/admin/v2/exports/logs", Header: sentBare, Query: url.Values{
		"event": {"customers"}, "from": {"2026-01-01"}, "to": {"2026-02-01"}, "employee": {"7"},
	}}).JSON(200, `{"status":200,"success":true,"data":[
		{"type":"customers","user":{"id":7,"name":"Sara"},"created_at":"2026-01-31 10:00:00","url":"https://cdn.example.test/a.xlsx"},
		{"type":"customers","user":[],"created_at":null,"url":""}]}`)

	logs, err := newClient(t, gock).Exports.Logs(t.Context(), salla.ListExportLogsRequest{Event: "customers", From: "2026-01-01", To: "2026-02-01", Employee: "7"})

	require.NoError(t, err)
	assert.Equal(t, []salla.ExportLog{
		{Type: "customers", User: salla.ExportUser{ID: 7, Name: "Sara"}, CreatedAt: at(t, "2026-01-31 10:00:00"), URL: "https://cdn.example.test/a.xlsx"},
		{Type: "customers"},
	}, logs)
}

func TestExportsLogsWithoutData(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{Path: "/admin/v2/exports/logs"}).JSON(200, `{"status":200,"success":true}`)

	_, err := newClient(t, gock).Exports.Logs(t.Context(), salla.ListExportLogsRequest{})

	assert.EqualError(t, err, "salla: GET /exports/logs: 200 unavailable, unreadable: JSON without data came instead of the API's answer (application/json): check BaseURL and proxies")
}
