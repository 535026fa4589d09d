package loosejson

// For the tests.
var (
	Check         = check
	Complete      = complete
	DecodePlainly = decodePlainly
	PrintedIn     = printedIn
	PlainText     = plainText
	PlainTexts    = plainTexts
)
