package commercengine

// What answers hold whose JSON leaves secrets out.
type (
	TokensContent = tokensContent
	OTPContent    = otpContent
)

// Spelled returns what has the JSON of an answer.
func Spelled(result any) any {
	switch r := result.(type) {
	case *Tokens:
		return tokensContent{*r, r.AccessToken, r.RefreshToken}
	case *OTP:
		return otpContent{*r, r.Token, r.Code}
	}
	return result
}
