package souk

// Change says what an Upsert has done. It is empty beside an error.
type Change string

// What an Upsert can do. Created is certain: where the answer to a creation was lost
// and the customer was found afterwards, it is Unchanged, or Updated.
const (
	Created   Change = "created"
	Updated   Change = "updated"
	Unchanged Change = "unchanged"
)
