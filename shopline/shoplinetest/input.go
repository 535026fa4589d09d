package shoplinetest

import (
	"strings"
	"time"
	"unicode/utf8"
)

// customerInput is a customer in a request. What is nil was left out.
type customerInput struct {
	Email            *string         `json:"email"`
	Phone            *string         `json:"phone"`
	FirstName        *string         `json:"first_name"`
	LastName         *string         `json:"last_name"`
	Gender           *int            `json:"gender"`
	Birthday         *string         `json:"birthday"`
	Note             *string         `json:"note"`
	Tags             *string         `json:"tags"`
	VerifiedEmail    *bool           `json:"verified_email"`
	Multipass        *string         `json:"multipass_identifier"`
	Password         *string         `json:"password"`
	Confirmation     *string         `json:"password_confirmation"`
	EmailConsent     *consentInput   `json:"email_marketing_consent"`
	SMSConsent       *consentInput   `json:"sms_marketing_consent"`
	AcceptsMarketing *bool           `json:"accepts_marketing"`
	Addresses        *[]addressInput `json:"addresses"`
}

// consentInput is a consent in a request.
type consentInput struct {
	State         *int       `json:"state"`
	OptInLevel    *int       `json:"opt_in_level"`
	CollectedFrom *string    `json:"consent_collected_from"`
	UpdatedAt     *time.Time `json:"consent_updated_at"`
}

// consent is a consent of a row.
type consent struct {
	state, level  int
	collectedFrom string
	updatedAt     time.Time
}

// change puts what a request sets into a row, or nothing of it.
func (s *store) change(cu *customer, in customerInput, now time.Time) error {
	if err := in.check(); err != nil {
		return err
	}
	if err := s.checkUnique(cu, in); err != nil {
		return err
	}
	set(&cu.email, in.Email)
	if in.Phone != nil {
		cu.phone = international(*in.Phone)
	}
	set(&cu.firstName, in.FirstName)
	set(&cu.lastName, in.LastName)
	set(&cu.gender, in.Gender)
	set(&cu.birthday, in.Birthday)
	set(&cu.note, in.Note)
	set(&cu.verifiedEmail, in.VerifiedEmail)
	set(&cu.multipass, in.Multipass)
	if in.Tags != nil {
		cu.tags = splitTags(*in.Tags)
	}
	if deref(in.Password) != "" {
		cu.state = stateRegistered
	}
	if in.AcceptsMarketing != nil {
		cu.emailFlag = unsubscribed
		if *in.AcceptsMarketing {
			cu.emailFlag = subscribed
		}
	}
	cu.emailConsent, cu.emailFlag = in.EmailConsent.apply(cu.emailConsent, cu.emailFlag, now)
	cu.smsConsent, cu.mobileFlag = in.SMSConsent.apply(cu.smsConsent, cu.mobileFlag, now)
	if in.Addresses != nil {
		s.replaceAddresses(cu, *in.Addresses)
	}
	return nil
}

// apply returns the consent and the flag after a request.
func (in *consentInput) apply(old *consent, flag int, now time.Time) (*consent, int) {
	if in == nil {
		return old, flag
	}
	next := consent{state: notSubscribed, updatedAt: now}
	if old != nil {
		next = *old
	}
	set(&next.state, in.State)
	set(&next.level, in.OptInLevel)
	set(&next.collectedFrom, in.CollectedFrom)
	set(&next.updatedAt, in.UpdatedAt)
	return &next, min(next.state, notSubscribed)
}

func (in customerInput) check() error {
	switch {
	case in.Gender != nil && (*in.Gender < 0 || *in.Gender > 3):
		return invalid("gender", "is invalid")
	case deref(in.Birthday) != "" && !isDate(*in.Birthday):
		return invalid("birthday", "is invalid")
	case deref(in.Password) != "" && !isPassword(*in.Password):
		return invalid("password", "must have 6 to 18 characters")
	case in.Confirmation != nil && deref(in.Confirmation) != deref(in.Password):
		return invalid("password_confirmation", "is not the password")
	case in.Addresses != nil && len(*in.Addresses) > 50:
		return invalid("addresses", "must be at most 50")
	case in.Tags != nil && !goodTags(splitTags(*in.Tags)):
		return invalid("tags", "must be at most 100, of 128 characters")
	}
	for field, c := range map[string]*consentInput{"email_marketing_consent": in.EmailConsent, "sms_marketing_consent": in.SMSConsent} {
		switch {
		case c == nil:
		case c.State != nil && (*c.State < 0 || *c.State > 3):
			return invalid(field, "state is invalid")
		case c.OptInLevel != nil && (*c.OptInLevel < 0 || *c.OptInLevel > 2):
			return invalid(field, "opt_in_level is invalid")
		case utf8.RuneCountInString(deref(c.CollectedFrom)) > 50:
			return invalid(field, "consent_collected_from is too long")
		}
	}
	return lengths{
		"email": {in.Email, 50}, "phone": {in.Phone, 20}, "first_name": {in.FirstName, 128}, "last_name": {in.LastName, 128},
		"note": {in.Note, 1000}, "tags": {in.Tags, 1000}, "multipass_identifier": {in.Multipass, 100},
	}.check()
}

// checkUnique refuses an e-mail address or a phone number of another customer.
func (s *store) checkUnique(cu *customer, in customerInput) error {
	email, phone := deref(in.Email), international(deref(in.Phone))
	for _, other := range s.customers {
		if other == cu {
			continue
		}
		if email != "" && strings.EqualFold(other.email, email) {
			return invalid("email", "has already been taken")
		}
		if phone != "" && other.phone == phone {
			return invalid("phone", "has already been taken")
		}
	}
	return nil
}

// isPassword counts characters, whatever bytes they take.
func isPassword(text string) bool {
	n := utf8.RuneCountInString(text)
	return n >= 6 && n <= 18
}

func isDate(text string) bool {
	_, err := time.Parse("20060102", text)
	return err == nil
}

func splitTags(text string) []string {
	var tags []string
	for tag := range strings.SplitSeq(text, ",") {
		if tag = strings.TrimSpace(tag); tag != "" {
			tags = append(tags, tag)
		}
	}
	return tags
}

func goodTags(tags []string) bool {
	for _, tag := range tags {
		if utf8.RuneCountInString(tag) > 128 {
			return false
		}
	}
	return len(tags) <= 100
}

// international spells a phone number as the vendor keeps it: 00, the country
// code and the number.
func international(text string) string {
	text = strings.Replace(text, "+", "00", 1)
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}

func deref(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}
