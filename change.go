package souk

// Change says what an Upsert did. It is empty if Upsert returns an error.
type Change string

// The outcomes of an Upsert. Created is certain: if the answer to a creation was lost
// and the customer was found afterwards, the outcome is Unchanged or Updated.
const (
	Created   Change = "created"
	Updated   Change = "updated"
	Unchanged Change = "unchanged"
)
