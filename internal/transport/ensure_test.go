package transport_test

import (
	"context"
	"errors"
	"iter"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/transport"
)

// citizen is whom the tests of persons are about.
type citizen struct{ name, email string }

// town plays a server: the answers to the calls in their order.
type town struct {
	creates []error // nil for a creation
	emails  []any   // a look-up by e-mail address: nil for nobody, a name, or an error
	phones  []any   // by phone number: nil, an e-mail address of whoever has it, or an error
	updates []error
}

func (w *town) person() *transport.Person[citizen] {
	return &transport.Person[citizen]{
		Email:  "ada@example.com",
		Phones: []string{"", "4930123456"},
		ByEmail: func(context.Context, string) (*citizen, error) {
			switch found := take(&w.emails).(type) {
			case error:
				return nil, found
			case string:
				return &citizen{name: found, email: "Ada@Example.com"}, nil
			}
			return nil, nil
		},
		ByPhone: func(context.Context, string) (*citizen, error) {
			switch found := take(&w.phones).(type) {
			case error:
				return nil, found
			case string:
				return &citizen{name: "owner", email: found}, nil
			}
			return nil, nil
		},
		EmailOf: func(s *citizen) string { return s.email },
		Create: func(context.Context) (*citizen, error) {
			if err := take(&w.creates); err != nil {
				return nil, err
			}
			return &citizen{name: "new"}, nil
		},
		MayBeTaken: func(err error) bool { return errors.Is(err, souk.ErrInvalid) },
	}
}

// differ returns an update, or an error before it.
func (w *town) differ(before error, differs bool) func(*citizen) (func(context.Context) (*citizen, error), error) {
	return func(*citizen) (func(context.Context) (*citizen, error), error) {
		if before != nil || !differs {
			return nil, before
		}
		return func(context.Context) (*citizen, error) {
			if err := take(&w.updates); err != nil {
				return nil, err
			}
			return &citizen{name: "changed"}, nil
		}, nil
	}
}

func (w *town) requireNothingLeft(t *testing.T) {
	t.Helper()
	assert.Empty(t, w.creates, "creations")
	assert.Empty(t, w.emails, "look-ups by e-mail address")
	assert.Empty(t, w.phones, "look-ups by phone number")
	assert.Empty(t, w.updates, "updates")
}

func take[T any](from *[]T) T {
	next := (*from)[0]
	*from = (*from)[1:]
	return next
}

func refusal(class error) error {
	return &souk.Error{Vendor: "acme", StatusCode: 422, RequestID: "r", Message: "no", Err: class}
}

var (
	lost    = refusal(souk.ErrOutcomeUnknown)
	down    = &souk.Error{Vendor: "acme", StatusCode: 503, Err: souk.ErrUnavailable}
	anyType = []error{souk.ErrInvalid, souk.ErrAlreadyExists, souk.ErrOutcomeUnknown, souk.ErrUnavailable, souk.ErrForbidden, context.Canceled}
)

func TestEnsure(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		town    town
		want    string
		created bool
		err     []error // all classes of the error
	}{
		{"there already", town{emails: []any{"old"}}, "old", false, nil},
		{"created", town{emails: []any{nil}, creates: []error{nil}}, "new", true, nil},
		{"the first look-up fails", town{emails: []any{down}}, "", false, []error{souk.ErrUnavailable}},
		{"created by another meanwhile", town{emails: []any{nil, "old"}, creates: []error{refusal(souk.ErrAlreadyExists)}}, "old", false, nil},
		{"may be taken, and is", town{emails: []any{nil, "old"}, creates: []error{refusal(souk.ErrInvalid)}}, "old", false, nil},
		{"may be taken, and is not", town{emails: []any{nil, nil}, phones: []any{nil}, creates: []error{refusal(souk.ErrInvalid)}}, "", false, []error{souk.ErrInvalid}},
		{"lost and done", town{emails: []any{nil, "old"}, creates: []error{lost}}, "old", false, nil},
		{"lost and not done", town{emails: []any{nil, nil}, creates: []error{lost, nil}}, "new", true, nil},
		{"taken and gone", town{emails: []any{nil, nil}, phones: []any{nil}, creates: []error{refusal(souk.ErrAlreadyExists), nil}}, "new", true, nil},
		{"refused", town{emails: []any{nil}, creates: []error{refusal(souk.ErrForbidden)}}, "", false, []error{souk.ErrForbidden}},
		{"lost, then refused", town{emails: []any{nil, nil}, creates: []error{lost, refusal(souk.ErrForbidden)}}, "", false, []error{souk.ErrForbidden, souk.ErrOutcomeUnknown}},
		{
			"lost, then may be taken, and nobody is there",
			town{emails: []any{nil, nil, nil}, phones: []any{nil}, creates: []error{lost, refusal(souk.ErrInvalid)}},
			"", false,
			[]error{souk.ErrInvalid, souk.ErrOutcomeUnknown},
		},
		{"the look-up after a refusal fails", town{emails: []any{nil, down}, creates: []error{refusal(souk.ErrAlreadyExists)}}, "", false, []error{souk.ErrUnavailable}},
		{"the look-up after what may be one fails", town{emails: []any{nil, down}, creates: []error{refusal(souk.ErrInvalid)}}, "", false, []error{souk.ErrUnavailable}},
		{"the look-up after a lost answer fails", town{emails: []any{nil, down}, creates: []error{lost}}, "", false, []error{souk.ErrUnavailable, souk.ErrOutcomeUnknown}},
		{"the context ends before the look-up", town{emails: []any{nil, error(&souk.Error{Err: context.Canceled})}, creates: []error{lost}}, "", false, []error{context.Canceled, souk.ErrOutcomeUnknown}},
		{"never settled", town{emails: []any{nil, nil, nil, nil}, creates: []error{lost, lost, lost}}, "", false, []error{souk.ErrOutcomeUnknown}},
		{
			"another has the phone number",
			town{emails: []any{nil, nil}, phones: []any{"bob@example.com"}, creates: []error{refusal(souk.ErrInvalid)}},
			"", false,
			[]error{souk.ErrAlreadyExists},
		},
		{
			"another without an e-mail address has the phone number",
			town{emails: []any{nil, nil}, phones: []any{""}, creates: []error{refusal(souk.ErrAlreadyExists)}},
			"", false,
			[]error{souk.ErrAlreadyExists},
		},
		{
			"they have the phone number themselves",
			town{emails: []any{nil, nil}, phones: []any{"ADA@example.com"}, creates: []error{refusal(souk.ErrInvalid)}},
			"", false,
			[]error{souk.ErrInvalid},
		},
		{
			"who has the phone number cannot be found out",
			town{emails: []any{nil, nil}, phones: []any{down}, creates: []error{refusal(souk.ErrInvalid)}},
			"", false,
			[]error{souk.ErrUnavailable},
		},
		{
			"lost, and another has the phone number",
			town{emails: []any{nil, nil, nil}, phones: []any{"bob@example.com"}, creates: []error{lost, refusal(souk.ErrInvalid)}},
			"", false,
			[]error{souk.ErrAlreadyExists, souk.ErrOutcomeUnknown},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			there, created, err := tt.town.person().Ensure(t.Context())

			tt.town.requireNothingLeft(t)
			assert.Equal(t, tt.created, created)
			requireClasses(t, err, tt.err)
			if tt.err == nil {
				assert.Equal(t, tt.want, there.name)
			} else {
				assert.Nil(t, there)
			}
		})
	}
}

func requireClasses(t *testing.T, err error, want []error) {
	t.Helper()
	for _, class := range anyType {
		is := false
		for _, w := range want {
			is = is || w == class //nolint:errorlint // classes are compared by themselves
		}
		assert.Equal(t, is, errors.Is(err, class), "%v in %v", class, err)
	}
	if want == nil {
		require.NoError(t, err)
	}
}

// A rival is the reason of the refusal, whose status and request id stay.
func TestEnsureNamesTheReason(t *testing.T) {
	t.Parallel()
	w := town{emails: []any{nil, nil}, phones: []any{"bob@example.com"}, creates: []error{refusal(souk.ErrInvalid)}}

	_, _, err := w.person().Ensure(t.Context())

	assert.Equal(t, &souk.Error{
		Vendor: "acme", StatusCode: 422, RequestID: "r", Err: souk.ErrAlreadyExists,
		Message: "a customer with another e-mail address has the phone number",
	}, err)
}

// Without an e-mail address the phone number counts, in each of its forms.
func TestEnsureByPhone(t *testing.T) {
	t.Parallel()
	w := town{phones: []any{nil, "bob@example.com"}}
	person := w.person()
	person.Email, person.Phones = "", []string{"9669665555", "9665555"}

	there, created, err := person.Ensure(t.Context())

	require.NoError(t, err)
	assert.False(t, created)
	assert.Equal(t, "owner", there.name)
	w.requireNothingLeft(t)

	w = town{phones: []any{nil, nil}, creates: []error{refusal(souk.ErrInvalid)}}
	person = w.person()
	person.Email = ""
	_, _, err = person.Ensure(t.Context())
	requireClasses(t, err, []error{souk.ErrInvalid})
	w.requireNothingLeft(t)
}

// Where the server could create them twice nothing is sent again.
func TestEnsureMakesNoTwins(t *testing.T) {
	t.Parallel()
	w := town{emails: []any{nil, nil}, creates: []error{lost}}
	person := w.person()
	person.Twins = true

	_, _, err := person.Ensure(t.Context())

	requireClasses(t, err, []error{souk.ErrOutcomeUnknown})
	w.requireNothingLeft(t)
}

func TestUpsert(t *testing.T) {
	t.Parallel()
	fixed := refusal(souk.ErrInvalid)
	old, none := []any{"old"}, []any{nil}
	tests := []struct {
		name    string
		town    town
		before  error
		differs bool
		want    string
		change  souk.Change
		err     []error
	}{
		{"new", town{emails: none, creates: []error{nil}}, nil, true, "new", souk.Created, nil},
		{"the same", town{emails: old}, nil, false, "old", souk.Unchanged, nil},
		{"another", town{emails: old, updates: []error{nil}}, nil, true, "changed", souk.Updated, nil},
		{"lost and made, and the same", town{emails: []any{nil, "old"}, creates: []error{lost}}, nil, false, "old", souk.Unchanged, nil},
		{"what cannot be changed", town{emails: old}, fixed, true, "", "", []error{souk.ErrInvalid}},
		{"nobody could be found out", town{emails: []any{down}}, nil, true, "", "", []error{souk.ErrUnavailable}},
		{"refused", town{emails: old, updates: []error{refusal(souk.ErrForbidden)}}, nil, true, "", "", []error{souk.ErrForbidden}},
		{"lost", town{emails: old, updates: []error{lost}}, nil, true, "", "", []error{souk.ErrOutcomeUnknown}},
		{"refused, of nobody", town{emails: old, phones: none, updates: []error{fixed}}, nil, true, "", "", []error{souk.ErrInvalid}},
		{"another has the phone number", town{emails: old, phones: []any{"bob@example.com"}, updates: []error{fixed}}, nil, true, "", "", []error{souk.ErrAlreadyExists}},
		{"who has the phone number cannot be found out", town{emails: old, phones: []any{down}, updates: []error{fixed}}, nil, true, "", "", []error{souk.ErrUnavailable}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			there, change, err := tt.town.person().Upsert(t.Context(), tt.town.differ(tt.before, tt.differs))

			tt.town.requireNothingLeft(t)
			assert.Equal(t, tt.change, change)
			requireClasses(t, err, tt.err)
			if tt.err == nil {
				assert.Equal(t, tt.want, there.name)
			} else {
				assert.Nil(t, there)
			}
		})
	}
}

// TestAnAnswerAboutAnotherIsNotBelieved is about caches that answer with what they kept.
func TestAnAnswerAboutAnotherIsNotBelieved(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		email, answered string
		isBelieved      bool
	}{
		{"ada@example.com", "bob@example.com", false},
		{"ada@example.com", "ADA@example.com", true},
		{"ada@example.com", "", true},
		{"ada@bücher.example", "ada@xn--bcher-kva.example", true},
		{"", "bob@example.com", true},
	} {
		answer := func(context.Context) (*citizen, error) { return &citizen{email: tt.answered}, nil }
		w := town{emails: []any{nil, "old", "old"}, phones: []any{nil, "", ""}}
		person := w.person()
		person.Email, person.Create = tt.email, answer
		person.Client, person.Call = newClient(t, transport.Config{}), &transport.Call{Method: "POST", Route: "/people"}

		there, created, err := person.Ensure(t.Context())

		require.NoError(t, err)
		assert.Equal(t, tt.isBelieved, created, tt.answered)
		if !tt.isBelieved {
			assert.Equal(t, "old", there.name)
		}
		w.emails, w.phones = []any{"old"}, []any{"owner"}
		_, change, err := person.Upsert(t.Context(), func(*citizen) (func(context.Context) (*citizen, error), error) { return answer, nil })
		if tt.isBelieved {
			require.NoError(t, err)
			assert.Equal(t, souk.Updated, change)
			continue
		}
		requireClasses(t, err, []error{souk.ErrUnavailable, souk.ErrOutcomeUnknown})
		require.ErrorIs(t, err, souk.ErrUnreadable)
		assert.EqualError(t, err, "acme: POST /people: 200 unavailable, unreadable, outcome unknown: the answer is about a customer with another e-mail address")
	}
}

// Somebody who is known by the phone number alone is not another with another number.
func TestAnAnswerWithAnotherPhoneIsNotBelieved(t *testing.T) {
	t.Parallel()
	for answered, isBelieved := range map[string]bool{
		"+49 30 123457": false,
		"+49 30 123456": true,
		"030 123456":    true,
		"":              true,
		"n/a":           true,
		"49":            true,
	} {
		w := town{phones: []any{nil, "owner"}}
		person := w.person()
		person.Email, person.PhoneOf = "", func(c *citizen) string { return c.name }
		person.Create = func(context.Context) (*citizen, error) { return &citizen{name: answered}, nil }
		person.Client, person.Call = newClient(t, transport.Config{}), &transport.Call{Method: "POST", Route: "/people"}

		there, created, err := person.Ensure(t.Context())

		require.NoError(t, err)
		assert.Equal(t, isBelieved, created, answered)
		assert.Equal(t, map[bool]string{true: answered, false: "owner"}[isBelieved], there.name)
		w.phones = []any{"owner"}
		_, change, err := person.Upsert(t.Context(), func(*citizen) (func(context.Context) (*citizen, error), error) { return person.Create, nil })
		if isBelieved {
			require.NoError(t, err)
			assert.Equal(t, souk.Updated, change)
			continue
		}
		require.ErrorIs(t, err, souk.ErrUnreadable)
		assert.EqualError(t, err, "acme: POST /people: 200 unavailable, unreadable, outcome unknown: the answer is about a customer with another phone number")
	}
}

func TestChanged(t *testing.T) {
	t.Parallel()
	assert.Nil(t, transport.Changed("", "Ada"))
	assert.Nil(t, transport.Changed("Ada", "Ada"))
	assert.Equal(t, new("Ada"), transport.Changed("Ada", ""))
	assert.Equal(t, new("Ada"), transport.ChangedText("Ada ", "Bob"), "without the spaces, which no vendor keeps")
	assert.Nil(t, transport.ChangedText("Ada ", " Ada"))
	yes, no := new(true), new(false)
	assert.Nil(t, transport.ChangedFlag(nil, true))
	assert.Nil(t, transport.ChangedFlag(yes, true))
	assert.Same(t, yes, transport.ChangedFlag(yes, false))
	assert.Same(t, no, transport.ChangedFlag(no, true))
	assert.Nil(t, transport.ChangedTags(nil, []string{"a"}))
	assert.Nil(t, transport.ChangedTags([]string{"b ", "a", "b"}, []string{"a", "b"}), "order is no difference")
	assert.Equal(t, []string{"b", "c"}, transport.ChangedTags([]string{"b", "c"}, []string{"a", "b"}))

	type changes struct {
		Name *string
		Tags []string
	}
	made := changes{}
	update := func(_ context.Context, c changes) (*citizen, error) {
		made = c
		return &citizen{}, nil
	}
	assert.Nil(t, transport.Update(changes{}, update))
	_, err := transport.Update(changes{Tags: []string{"a"}}, update)(t.Context())
	require.NoError(t, err)
	assert.Equal(t, changes{Tags: []string{"a"}}, made)
}

func TestSeek(t *testing.T) {
	t.Parallel()
	unread := &souk.RowError{Err: refusal(souk.ErrUnreadable)}
	rows := func(list ...any) iter.Seq2[*string, error] {
		return func(yield func(*string, error) bool) {
			for _, row := range list {
				text, isText := row.(string)
				err, _ := row.(error)
				if isText && !yield(&text, nil) || !isText && !yield(nil, err) {
					return
				}
			}
		}
	}
	isB := func(s *string) bool { return *s == "b" }
	for _, tt := range []struct {
		name   string
		page   []string
		unread error
		rest   iter.Seq2[*string, error]
		found  bool
		err    error
	}{
		{"on the page", []string{"a", "b"}, unread, rows("c"), true, nil},
		{"nowhere", []string{"a"}, nil, nil, false, nil},
		{"in the rest", []string{"a"}, unread, rows("a", unread, "b", error(down)), true, nil},
		{"not in the rest", []string{"a"}, nil, rows("a"), false, nil},
		{"perhaps on the page", []string{"a"}, unread, nil, false, unread},
		{"perhaps in the rest", []string{"a"}, nil, rows("a", unread, "c"), false, unread},
		{"the rest fails", []string{"a"}, nil, rows(unread, "a", error(down)), false, down},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			found, err := transport.Seek(tt.page, tt.unread, tt.rest, isB)
			assert.Equal(t, tt.found, found != nil)
			assert.Equal(t, tt.err, err)
		})
	}
}
