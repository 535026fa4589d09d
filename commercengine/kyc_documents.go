package commercengine

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/souk-go/souk/internal/transport"
)

// DocumentStatus is the state of a document.
type DocumentStatus string

// The states.
const (
	DocumentSubmitted DocumentStatus = "submitted"
	DocumentApproved  DocumentStatus = "approved"
	DocumentRejected  DocumentStatus = "rejected"
	DocumentExpired   DocumentStatus = "expired"
)

// Document is an identity document of a customer.
type Document struct {
	ID             string         `json:"id"`
	DocumentNumber string         `json:"document_number"`
	Note           string         `json:"note"`
	Status         DocumentStatus `json:"status"`
	Title          string         `json:"title"`
	// FileURL is the URL of the file, empty if there is none.
	FileURL string `json:"file_url"`
	// VerificationType is "automatic" or "manual". In document types, "automatic" is
	// "auto".
	VerificationType string `json:"verification_type"`
	IsVerified       bool   `json:"is_verified"`
	// VerifiedAt is zero until the document is verified.
	VerifiedAt time.Time `json:"verified_at"`
	// CreatedBy and ModifiedBy are "customer" or "admin".
	CreatedBy      string    `json:"created_by"`
	CreatedAt      time.Time `json:"created_at"`
	ModifiedBy     string    `json:"modified_by"`
	ModifiedAt     time.Time `json:"modified_at"`
	ModifiedReason string    `json:"modified_reason"`
	// ExpiresAt is zero for a document that does not expire.
	ExpiresAt time.Time `json:"expires_at"`
}

// DocumentVerification is what the verification provider knows about a document.
type DocumentVerification struct {
	ID string `json:"id"`
	// Raw is the whole of it in JSON; its form is not documented.
	Raw json.RawMessage `json:"-"`
}

// KYCService reads and writes the identity documents of a customer.
type KYCService service

const (
	documentsRoute = "/customers/{customer_id}/documents"
	documentRoute  = documentsRoute + "/{document_id}"
)

// List returns the documents of a customer, all at once.
//
// See https://llm-docs.commercengine.io/storefront/operations/list-documents.
//
//souk:operation GET /customers/{customer_id}/documents
func (s *KYCService) List(ctx context.Context, customerID string) ([]Document, error) {
	return one[[]Document](ctx, s.transport, &transport.Call{
		Method:     http.MethodGet,
		Route:      documentsRoute,
		IDs:        []any{customerID},
		Repeat:     transport.Safe,
		Credential: s.shopper.customer(),
	}, documentsContent{})
}

// CreateDocumentRequest describes a new document.
type CreateDocumentRequest struct {
	DocumentNumber string
	// DocumentTypeID is the id of a DocumentType.
	DocumentTypeID string
	Note           string
	// File is the document itself. It is optional unless the document's type has
	// IsAttachmentRequired.
	File File
}

// Create adds a document to a customer. The file is streamed.
//
// See https://llm-docs.commercengine.io/storefront/operations/create-document.
//
//souk:operation POST /customers/{customer_id}/documents
func (s *KYCService) Create(ctx context.Context, customerID string, req CreateDocumentRequest) (*Document, error) {
	call := s.call(req.DocumentNumber, req.DocumentTypeID, req.Note, "", req.File)
	call.Method = http.MethodPost
	call.Route = documentsRoute
	call.IDs = []any{customerID}
	return one[*Document](ctx, s.transport, call, documentContent{})
}

// VerifyDocumentRequest names a document to verify.
type VerifyDocumentRequest struct {
	DocumentNumber string `json:"document_number"`
	// DocumentTypeID is the id of a DocumentType, as in CreateDocumentRequest:
	// inferred, not documented.
	DocumentTypeID string `json:"document_type_id"`
}

// Verify asks the verification provider about a document before it is added. It is sent
// once: the cost and effect of a repeat are not documented.
//
// See https://llm-docs.commercengine.io/storefront/operations/verify-document.
//
//souk:operation POST /customers/{customer_id}/documents/verify
func (s *KYCService) Verify(ctx context.Context, customerID string, req VerifyDocumentRequest) (*DocumentVerification, error) {
	call := &transport.Call{
		Method:     http.MethodPost,
		Route:      documentsRoute + "/verify",
		IDs:        []any{customerID},
		Body:       req,
		Credential: s.shopper.customer(),
	}
	call.Problems.NotEmpty("DocumentNumber", req.DocumentNumber)
	call.Problems.NotEmpty("DocumentTypeID", req.DocumentTypeID)
	return one[*DocumentVerification](ctx, s.transport, call, documentVerificationContent{})
}

// Get returns a document of a customer.
//
// See https://llm-docs.commercengine.io/storefront/operations/get-document.
//
//souk:operation GET /customers/{customer_id}/documents/{document_id}
func (s *KYCService) Get(ctx context.Context, customerID, id string) (*Document, error) {
	return one[*Document](ctx, s.transport, &transport.Call{
		Method:     http.MethodGet,
		Route:      documentRoute,
		IDs:        []any{customerID, id},
		Repeat:     transport.Safe,
		Credential: s.shopper.customer(),
	}, documentContent{})
}

// UpdateDocumentRequest replaces a document.
type UpdateDocumentRequest struct {
	DocumentNumber string
	// DocumentTypeID is the id of a DocumentType.
	DocumentTypeID string
	Note           string
	// File replaces the document itself. It is optional.
	File File
	// ModifiedReason is required.
	ModifiedReason string
}

// Update replaces a document of a customer. The file is streamed.
//
// See https://llm-docs.commercengine.io/storefront/operations/update-document.
//
//souk:operation PUT /customers/{customer_id}/documents/{document_id}
func (s *KYCService) Update(ctx context.Context, customerID, id string, req UpdateDocumentRequest) (*Document, error) {
	call := s.call(req.DocumentNumber, req.DocumentTypeID, req.Note, req.ModifiedReason, req.File)
	call.Method = http.MethodPut
	call.Route = documentRoute
	call.IDs = []any{customerID, id}
	call.Repeat = transport.Idempotent
	call.Problems.NotEmpty("ModifiedReason", req.ModifiedReason)
	return one[*Document](ctx, s.transport, call, documentContent{})
}

// Delete deletes a document of a customer.
//
// See https://llm-docs.commercengine.io/storefront/operations/delete-document.
//
//souk:operation DELETE /customers/{customer_id}/documents/{document_id}
func (s *KYCService) Delete(ctx context.Context, customerID, id string) error {
	return done(ctx, s.transport, &transport.Call{
		Method:     http.MethodDelete,
		Route:      documentRoute,
		IDs:        []any{customerID, id},
		Repeat:     transport.Idempotent,
		Deletes:    true,
		Credential: s.shopper.customer(),
	})
}

// call returns a call that sends a document as a form.
func (s *KYCService) call(number, typeID, note, reason string, file File) *transport.Call {
	upload := &transport.Upload{Fields: map[string]string{
		"document_number": number,
		"kyc_document_id": typeID,
	}}
	for name, value := range map[string]string{"note": note, "modified_reason": reason} {
		if value != "" {
			upload.Fields[name] = value
		}
	}
	call := &transport.Call{Body: upload, Credential: s.shopper.customer()}
	call.Problems.NotEmpty("DocumentNumber", number)
	call.Problems.NotEmpty("DocumentTypeID", typeID)
	if file != (File{}) {
		file.addTo(upload, "file", "File")
	}
	return call
}
