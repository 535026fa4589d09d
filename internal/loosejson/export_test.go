package loosejson

// For the tests.
var (
	DecodePlainly = decodePlainly
	PrintedIn     = printedIn
	PlainText     = plainText
	PlainTexts    = plainTexts
)

func Check(data []byte, out any, o Options) error {
	r, err := rootOfOut(out)
	if err != nil {
		return err
	}
	return check(data, r, o)
}

func Complete(out any, o Options) bool {
	r, err := rootOfOut(out)
	return err == nil && r.complete(out, o)
}
