package shopline

// SocialLoginWire is a log-in with its secrets.
type SocialLoginWire = socialLoginWire
