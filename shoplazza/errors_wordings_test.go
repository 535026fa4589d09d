package shoplazza_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/shoplazza"
)

// Each word that can say that a value is taken stands in a sentence of its own, so that
// none is lost unseen.
func TestEveryWordForTakenIsKnown(t *testing.T) {
	t.Parallel()
	for name, sentences := range map[string][]string{
		"Customers.Create": {
			"Email taken", "Phone taken", "Mobile taken", "Contact taken", "Customer taken",
			"Email registered", "Email used", "Email in use", "Email exist", "Email exists", "Email must be unique", "Email is not unique",
			"Email is taken", "Email and phone are taken", "Email has been taken", "Email and phone have been taken", "Email was taken",
			"Email already taken", "Email has already been taken",
			"The email is taken", "This email is taken", "That email is taken", "Your email is taken",
			"A customer with this email exists", "An account with this email exists", "Another customer with this email exists",
			"Email is used by other customer", "Email or phone is taken", "Email is taken for this store", "Email is taken in your shop",
			"The customer's email is taken", "User with email exists", "Phone number is taken", "Email address is taken",
			"Email a@example.com is taken", "Email is taken by customer 17", "Email and phone is taken", "Email phone is taken",
		},
		"Webhooks.Create": {"Address taken", "Topic taken", "Webhook exists", "Subscription exists", "Address for this topic taken", "Topic with this webhook exists"},
	} {
		for _, sentence := range sentences {
			_, sent, err := against(t, "", operations()[name], scripted{status: 422, body: `{"errors":["` + sentence + `"]}`})
			require.ErrorIs(t, err, souk.ErrAlreadyExists, sentence)
			assert.Equal(t, 1, sent)
		}
	}
}

// A status 500 from 2025-06 on refuses the request only with a sentence that is known.
// Each word of these stands in a sentence of its own.
func TestEveryWordOfARefusalIsKnown(t *testing.T) {
	t.Parallel()
	update := operations()["Addresses.Update"]
	for _, sentence := range []string{
		"Record not found", "Customer not found", "Address not found", "Webhook not found", "Subscription not found", "Resource not found",
		"The record not found", "This record not found", "Requested record not found", "A record not found", "An address not found",
		"Record was not found", "Record is not found", "Customer record not found", "Customer address not found",
		"Customer with id 7 not found", "Customer by id 7 not found", "Customer 7 not found", "7 customer not found", "Id 7 customer not found",
		"Record not found with id 7", "Record not found by id 7", "Record not found a@example.com",
	} {
		_, sent, err := against(t, shoplazza.Version202506, update, scripted{status: 500, body: `{"errors":["` + sentence + `"]}`})
		require.ErrorIs(t, err, souk.ErrNotFound, sentence)
		require.NotErrorIs(t, err, souk.ErrOutcomeUnknown, sentence)
		assert.Equal(t, 1, sent, sentence)
	}
	refusals := []string{
		"param is missing or the value is empty: customer", "param is missing or the value is empty: address",
		"param is missing or the value is empty: webhook", "Email can't be blank", "Password is too short",
		"Password is too short (minimum is 6 characters)", "Password confirmation must be equal to password",
	}
	for _, field := range []string{
		"Email", "Phone", "Email or phone", "Phone area code", "Contact", "Contact type", "Password", "Password confirmation",
		"First name", "Last name", "Accepts marketing", "Accepts sms marketing", "Tags", "Registered at", "Addresses", "Address", "Topic",
		"Country", "Country code", "Gender", "Company", "Address1", "Address2", "Area", "City", "Province", "Province code", "Zip",
	} {
		refusals = append(refusals, field+" is invalid")
	}
	for _, sentence := range refusals {
		_, sent, err := against(t, shoplazza.Version202506, update, scripted{status: 500, body: `{"errors":["` + sentence + `"]}`})
		require.ErrorIs(t, err, souk.ErrInvalid, sentence)
		require.NotErrorIs(t, err, souk.ErrOutcomeUnknown, sentence)
		assert.Equal(t, 1, sent, sentence)
	}
}

// A status 400 whose reason names the token is about the token, with either word alone.
func TestAnInvalidTokenIsKnownByEitherWord(t *testing.T) {
	t.Parallel()
	for _, reason := range []string{"Unauthorized", "invalid token"} {
		_, _, err := against(t, "", operations()["Addresses.Update"], scripted{status: 400, body: `{"error":"` + reason + `"}`})
		assert.ErrorIs(t, err, souk.ErrUnauthorized, reason)
	}
}
