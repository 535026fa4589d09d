package loosejson

// For the tests.
var (
	Check         = check
	Complete      = complete
	DecodePlainly = decodePlainly
)
