package commercengine

// What answers hold whose JSON leaves secrets out.
type (
	TokensContent struct {
		Tokens
		AccessToken  string `json:"access_token"`
		RefreshToken string `json:"refresh_token"`
	}
	OTPContent = otpContent
)

// Spelled returns what has the JSON of an answer.
func Spelled(result any) any {
	switch r := result.(type) {
	case *Tokens:
		return TokensContent{*r, r.AccessToken, r.RefreshToken}
	case *OTP:
		return otpContent{*r, r.Token, r.Code}
	}
	return result
}
