package salla

import (
	"context"
	"net/http"
	"time"

	"github.com/souk-go/souk/internal/transport"
)

// ExportLog describes a past export.
type ExportLog struct {
	// Type is what was exported, such as "customers".
	Type string `json:"type"`
	// User is the user who requested the export.
	User ExportUser `json:"user"`
	// CreatedAt is sent without a time zone and read as Riyadh time.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// URL is the address of the file.
	URL string `json:"url"`
}

// ExportUser is a user of the store.
type ExportUser struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// ExportsService starts exports of customers and lists past exports.
type ExportsService service

// ExportType says what an export of customers contains.
type ExportType string

// The exports of customers.
const (
	// ExportCustomers exports all customers.
	ExportCustomers ExportType = "customers"
	// ExportCustomersSample exports the columns and a few rows, as a template for
	// CustomersService.Import.
	ExportCustomersSample ExportType = "customers-sample"
)

// ExportCustomersRequest says what to export.
type ExportCustomersRequest struct {
	// Type is ExportCustomers by default.
	Type ExportType `json:"type"`
}

// Customers starts an export of customers. Salla e-mails the file to the merchant when
// it is ready. It needs the scope exports.read_write.
//
// See https://docs.salla.dev/10774701e0.
//
//souk:operation POST /exports/customers
func (s *ExportsService) Customers(ctx context.Context, req ExportCustomersRequest) (*Receipt, error) {
	if req.Type == "" {
		req.Type = ExportCustomers
	}
	return receipt(ctx, s.transport, &transport.Call{
		Method: http.MethodPost,
		Route:  "/exports/customers",
		Body:   req,
	})
}

// ListExportLogsRequest says which exports to list. Salla documents the names of the
// parameters, but not their values.
type ListExportLogsRequest struct {
	Event    string `url:"event,omitempty"`
	From     string `url:"from,omitempty"`
	To       string `url:"to,omitempty"`
	Employee string `url:"employee,omitempty"`
}

// Logs returns the past exports. It needs the scope exports.read.
//
// See https://docs.salla.dev/10774701e0, which is about exports.
//
//souk:operation GET /exports/logs
func (s *ExportsService) Logs(ctx context.Context, req ListExportLogsRequest) ([]ExportLog, error) {
	logs, err := list[exportLogWire](ctx, s.transport, &transport.Call{
		Method: http.MethodGet,
		Route:  "/exports/logs",
		Query:  req,
		Repeat: transport.Safe,
	})
	if logs == nil {
		return nil, err
	}
	return transport.Plain(logs, (*exportLogWire).plain), err
}
