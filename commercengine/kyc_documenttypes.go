package commercengine

import (
	"context"
	"net/http"

	"github.com/souk-go/souk/internal/transport"
)

// DocumentKind is a kind of identity document.
type DocumentKind string

// The kinds.
const (
	DocumentGST   DocumentKind = "gst"
	DocumentPAN   DocumentKind = "pan"
	DocumentOther DocumentKind = "other"
)

// DocumentType is a document that the store asks of its customers.
type DocumentType struct {
	// ID is the DocumentTypeID of requests.
	ID           string       `json:"id"`
	DocumentType DocumentKind `json:"document_type"`
	Title        string       `json:"title"`
	Description  string       `json:"description"`
	Active       bool         `json:"active"`
	IsMandatory  bool         `json:"is_mandatory"`
	// IsAttachmentRequired reports whether a file is required in addition to the
	// number.
	IsAttachmentRequired bool `json:"is_attachment_required"`
	// VerificationType is "auto" or "manual".
	VerificationType string `json:"verification_type"`
}

// DocumentTypes lists all documents that the store asks for.
type DocumentTypes struct {
	IsKYCEnabled  bool           `json:"is_kyc_enabled"`
	DocumentTypes []DocumentType `json:"kyc_documents"`
}

// ListDocumentTypes returns the documents that the store asks for. It needs an APIKey.
//
// See https://llm-docs.commercengine.io/storefront/operations/list-kyc-document.
//
//souk:operation GET /store/kyc-document
func (s *KYCService) ListDocumentTypes(ctx context.Context) (*DocumentTypes, error) {
	return one[*DocumentTypes](ctx, s.transport, (*service)(s).keyed(&transport.Call{
		Method: http.MethodGet,
		Route:  "/store/kyc-document",
		Repeat: transport.Safe,
	}), documentTypesContent{})
}
