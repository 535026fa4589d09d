package commercenginetest

import "bytes"

// documentTypes are what the store wants of its customers.
var documentTypes = rows{
	{"id": "01JHS2KYC00000000000000001", "document_type": "gst", "title": "GST certificate", "description": nil, "active": true, "is_mandatory": true, "is_attachment_required": true, "verification_type": "auto"},
	{"id": "01JHS2KYC00000000000000002", "document_type": "pan", "title": "PAN card", "description": "Of the business or its owner", "active": true, "is_mandatory": false, "is_attachment_required": false, "verification_type": "manual"},
}

// File returns the file that was uploaded with a document.
func (s *Server) File(documentID string) (content []byte, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, u := range s.store.users {
		if content, ok := u.customer.files[documentID]; ok {
			return bytes.Clone(content), true
		}
	}
	return nil, false
}

func listDocumentTypes(*Server, *call) (any, error) {
	return object{"is_kyc_enabled": true, "kyc_documents": documentTypes}, nil
}

func listDocuments(_ *Server, c *call) (any, error) {
	return object{"documents": append(rows{}, c.data().documents...)}, nil
}

func createDocument(s *Server, c *call) (any, error) {
	f, kind, err := c.documentForm()
	if err != nil {
		return nil, err
	}
	if _, ok := f.files["file"]; kind["is_attachment_required"] == true && !ok {
		return nil, invalidField("file", "is required")
	}
	verification := "manual"
	if kind["verification_type"] == "auto" {
		verification = "automatic"
	}
	document := object{
		"id": s.store.id("DOC"), "status": "submitted", "title": kind["title"], "verification_type": verification,
		"is_verified": false, "created_by": "customer", "created_at": stamp(c.now),
	}
	c.data().fill(document, f, c)
	c.data().documents = append(c.data().documents, document)
	return object{"document": document}, nil
}

func getDocument(_ *Server, c *call) (any, error) {
	document, err := c.data().documents.find(c.ids[1])
	return object{"document": document}, err
}

func updateDocument(_ *Server, c *call) (any, error) {
	document, err := c.data().documents.find(c.ids[1])
	if err != nil {
		return nil, err
	}
	f, kind, err := c.documentForm("modified_reason")
	if err != nil {
		return nil, err
	}
	document["title"], document["modified_reason"] = kind["title"], f.fields["modified_reason"]
	c.data().fill(document, f, c)
	return object{"document": document}, nil
}

func deleteDocument(_ *Server, c *call) (any, error) {
	delete(c.data().files, c.ids[1])
	return nil, c.data().documents.remove(c.ids[1])
}

func verifyDocument(_ *Server, c *call) (any, error) {
	f := findings{}
	f.required(c.body, "document_number", "document_type_id")
	if err := f.err(); err != nil {
		return nil, err
	}
	if _, err := documentTypes.find(text(c.body, "document_type_id")); err != nil {
		return nil, err
	}
	return object{"document": object{"id": text(c.body, "document_number")}}, nil
}

// documentForm reads the form of a document, and finds its type.
func (c *call) documentForm(others ...string) (form, object, error) {
	f, err := c.form()
	if err != nil {
		return form{}, nil, err
	}
	wrong := findings{}
	wrong.required(f.fields, append(others, "document_number", "kyc_document_id")...)
	kind, err := documentTypes.find(text(f.fields, "kyc_document_id"))
	if err != nil {
		wrong["kyc_document_id"] = []string{"is unknown"}
	}
	return f, kind, wrong.err()
}

// fill puts what a form says into a document.
func (d *customerData) fill(document object, f form, c *call) {
	for name, value := range pick(f.fields, "document_number", "note") {
		document[name] = value
	}
	document["modified_by"], document["modified_at"] = "customer", stamp(c.now)
	if content, ok := f.files["file"]; ok {
		id := text(document, "id")
		d.files[id] = content
		document["file_url"] = "https://files.example.test/documents/" + id
	}
}
