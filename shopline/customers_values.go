package shopline

// CustomerState is the state of a customer's account. Values without a constant decode
// as they are.
type CustomerState int

// The states of a customer.
const (
	CustomerStateBlacklisted CustomerState = 0
	CustomerStateNotInvited  CustomerState = 1
	CustomerStateInvited     CustomerState = 2
	CustomerStateRegistered  CustomerState = 3
)

// SubscribeFlag says whether a customer receives marketing by e-mail or phone. Values
// without a constant decode as they are.
type SubscribeFlag int

// The flags. The last three are sent for the phone in the members of a group.
const (
	SubscribeFlagUnsubscribed  SubscribeFlag = 0
	SubscribeFlagSubscribed    SubscribeFlag = 1
	SubscribeFlagNotSubscribed SubscribeFlag = 2
	SubscribeFlagConfirming    SubscribeFlag = 3
	SubscribeFlagInvalid       SubscribeFlag = 4
	SubscribeFlagDeleted       SubscribeFlag = 5
)

// Gender is the gender in an answer: a word, not always one of the constants. A gender
// that was never set is "others" or "unknown", depending on the end point, and
// SHOPLINE's pages also show digits.
type Gender string

// The words seen in SHOPLINE's answers.
const (
	GenderMale    Gender = "male"
	GenderFemale  Gender = "female"
	GenderSecret  Gender = "secret"
	GenderOthers  Gender = "others"
	GenderUnknown Gender = "unknown"
)

// Code returns the number that sets this gender in a request; ok is false for a word
// without a number.
func (g Gender) Code() (code GenderCode, ok bool) {
	switch g {
	case GenderOthers, GenderUnknown, "0":
		return GenderCodeUnknown, true
	case GenderMale, "1":
		return GenderCodeMale, true
	case GenderFemale, "2":
		return GenderCodeFemale, true
	case GenderSecret, "3":
		return GenderCodeSecret, true
	}
	return GenderCodeUnknown, false
}

// GenderCode is the gender in a request: a number.
type GenderCode int

// The numbers that SHOPLINE accepts.
const (
	GenderCodeUnknown GenderCode = 0
	GenderCodeMale    GenderCode = 1
	GenderCodeFemale  GenderCode = 2
	GenderCodeSecret  GenderCode = 3
)

// Tags are a customer's tags. In JSON they are one text, separated by commas. In a
// request, nil is left out, and an empty list that is not nil removes all tags.
type Tags []string
