package shopline_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/shopline"
)

// Each word that can say that a value is taken stands in a sentence of its own, so that
// none is lost unseen; and so does each that takes the meaning away.
func TestEveryWordForTakenIsKnown(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"Email already exist", "Email already exists", "Email already existed",
		"Email already been taken", "Email already been registered", "Email already been used",
		"Email already taken", "Email already registered", "Email already used", "Email already in use",
		"Email is taken", "Email is already taken", "Email is registered", "Email is used", "Email is in use",
		"Email is duplicate", "Email is duplicated",
		"Email was taken", "Email has been used", "Email has already been used", "Email has been duplicated",
		"Email and phone are used", "Email or phone are used", "Email and phone have been used", "Email and phone have already been used",
		"Email exists", "Email existed", "Email has existed", "Email and phone have existed",
		"Email already exists, choose another", "Email already exists: choose another", "Email already exists (1001)", "Email already exists [1001]",
		"Email is used by another customer", "Email already exists in this store", "Email is registered to another customer",
		"Email already exists under another account", "Phone already exists with another email",
		"E-mail already exists", "Phone already exists", "Mobile already exists",
		"Email address already exists", "Phone number already exists", "Mobile phone already exists", "mobile_phone already exists",
		"Email a@b.example already exists", "Email a@b.example: already exists", "Email: already exists",
		"duplicate email", "duplicated phone",
		"Do not retry. Email exists", "Do not retry; email exists", "Do not retry! Email exists", "Why not retry? Email exists",
	} {
		assert.ErrorIs(t, refusedWith(t, `{"errors":"`+text+`"}`), souk.ErrAlreadyExists, text)
	}
	for _, text := range []string{
		"The email is not valid: a phone already exists", "No customer's email exists", "We never said that the email exists",
		"None of the customers' email exists", "Neither a phone nor an email exists", "Look if the email exists",
		"Look whether the email exists", "Send a phone number unless the email exists",
		"It isn't known that the email exists", "It isn’t known that the email exists",
	} {
		assert.NotErrorIs(t, refusedWith(t, `{"errors":"`+text+`"}`), souk.ErrAlreadyExists, text)
	}
	for field, text := range map[string]string{
		"e-mail": "duplicate", "email": "duplicated", "mobile": "- duplicated", "mobile_phone": "exists", "email address": "exists", "phone_number": "exists",
	} {
		assert.ErrorIs(t, refusedWith(t, `{"errors":{"`+field+`":["`+text+`"]}}`), souk.ErrAlreadyExists, field)
	}
	for _, field := range []string{"confirmed_email", "email_subscription"} {
		assert.NotErrorIs(t, refusedWith(t, `{"errors":{"`+field+`":["exists"]}}`), souk.ErrAlreadyExists, field)
	}
}

// refusedWith returns the error of a creation that is refused with body.
func refusedWith(t *testing.T, body string) error {
	t.Helper()
	_, sent, err := ask(t, func(ctx context.Context, c *shopline.Client) (any, error) {
		return c.Customers.Create(ctx, shopline.CreateCustomerRequest{Email: "a@b.example"})
	}, reply{status: 422, body: body})
	require.Error(t, err, body)
	require.Equal(t, 1, sent)
	return err
}
