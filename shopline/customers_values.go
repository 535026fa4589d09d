package shopline

// CustomerState says what has become of a customer's account. Other values than
// the constants decode as they are.
type CustomerState int

// The states of a customer.
const (
	CustomerStateBlacklisted CustomerState = 0
	CustomerStateNotInvited  CustomerState = 1
	CustomerStateInvited     CustomerState = 2
	CustomerStateRegistered  CustomerState = 3
)

// SubscribeFlag says whether a customer gets marketing by mail or on the phone.
// Other values than the constants decode as they are.
type SubscribeFlag int

// The flags. The last three come with the members of a group, for the phone.
const (
	SubscribeFlagUnsubscribed  SubscribeFlag = 0
	SubscribeFlagSubscribed    SubscribeFlag = 1
	SubscribeFlagNotSubscribed SubscribeFlag = 2
	SubscribeFlagConfirming    SubscribeFlag = 3
	SubscribeFlagInvalid       SubscribeFlag = 4
	SubscribeFlagDeleted       SubscribeFlag = 5
)

// Gender is the gender in an answer: a word, and not always one of the
// constants. What was never set came as "others" and as "unknown", depending on
// the end point, and SHOPLINE's pages also show digits.
type Gender string

// The words that SHOPLINE has answered with.
const (
	GenderMale    Gender = "male"
	GenderFemale  Gender = "female"
	GenderSecret  Gender = "secret"
	GenderOthers  Gender = "others"
	GenderUnknown Gender = "unknown"
)

// Code returns the number with which a request sets this gender; ok is false for
// a word that stands for none.
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

// The numbers that SHOPLINE takes.
const (
	GenderCodeUnknown GenderCode = 0
	GenderCodeMale    GenderCode = 1
	GenderCodeFemale  GenderCode = 2
	GenderCodeSecret  GenderCode = 3
)

// Tags are a customer's tags. SHOPLINE sends and takes them as one text with
// commas between them. In a request, nil tags are left out, and tags that are
// empty but not nil remove all.
type Tags []string
