package contact_test

import (
	"strconv"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"

	"github.com/souk-go/souk/internal/contact"
)

func TestEmail(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"ada@example.com":                   "ada@example.com",
		" \t Ada@Example.com\n":             "Ada@Example.com",
		"\u200f\ufeffada@example.com\u200e": "ada@example.com",
		`"a@b"@example.com`:                 `"a@b"@example.com`,
		"ada@localhost":                     "ada@localhost",
		"ada@[192.0.2.1]":                   "ada@[192.0.2.1]",
		"o'neil+a/b={c}|~@example.com":      "o'neil+a/b={c}|~@example.com",
	} {
		address, ok := contact.Email(text)
		assert.True(t, ok, text)
		assert.Equal(t, want, address)
	}
	for _, text := range []string{
		"", " ", "ada", "@", "ada@", "@example.com", " @ ", "n/a", "a b@example.com", "a@b.c d@e.f", "a@exam\u200eple.com", "a@b\x00c",
		"a@b.com,c@d.com", "a@b.com;c", "<a@b.com>", "Ada<a@b.com>", "mailto:a@b.com", "a@b@c.com", "a@b.com(Ada)", `"@b.com`, `""@b.com`,
		"a\xe9@b.com", "a@b\ufffd.com",
	} {
		_, ok := contact.Email(text)
		assert.False(t, ok, text)
	}
}

func TestSameEmail(t *testing.T) {
	t.Parallel()
	for _, pair := range [][2]string{
		{"ada@example.com", "ADA@EXAMPLE.COM"},
		{" ada@example.com ", "ada@example.com\n"},
		{"müller@example.com", "MÜLLER@example.com"},
	} {
		assert.True(t, contact.SameEmail(pair[0], pair[1]), pair)
		assert.True(t, contact.SameEmail(pair[1], pair[0]), pair)
	}
	for _, pair := range [][2]string{
		{"", ""},
		{" ", ""},
		{"n/a", "n/a"},
		{"ada@example.com", "ada@example.org"},
		{"ada@example.com", "a.da@example.com"},
		{"ada+1@example.com", "ada@example.com"},
		{"kim@example.com", "\u212aim@example.com"}, // the Kelvin sign
		{"irma@example.com", "\u0130rma@example.com"},
		{"sam@example.com", "\u017fam@example.com"},
	} {
		assert.False(t, contact.SameEmail(pair[0], pair[1]), pair)
		assert.False(t, contact.SameEmail(pair[1], pair[0]), pair)
	}
}

func TestPhone(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"966555555555", "+966555555555", "00966555555555", " +966 55 555-5555", "(00966) 55.555.5555", "+00966555555555",
		"٩٦٦٥٥٥٥٥٥٥٥٥", "+٩٦٦ ٥٥ ٥٥٥ ٥٥٥٥", "٠٠٩٦٦٥٥٥٥٥٥٥٥٥", "۹۶۶۵۵۵۵۵۵۵۵۵", "＋９６６５５５５５５５５５", "९६६५५५५५५५५५",
		"'+966555555555", "+966/55/555/55/55", "+966\u201355\u20135555555", "+966.55.55.55.555\n",
		"\u200e+966\u00a055\u00a0555\u00a05555\u200f",
	} {
		number, ok := contact.Phone(text)
		assert.True(t, ok, text)
		assert.Equal(t, "966555555555", number, text)
		assert.True(t, contact.SamePhone(text, "+966555555555"), text)
	}
	for _, text := range []string{
		"", " ", "n/a", "-", "+", "0", "00", "000-000", "٠٠٠", "unknown 5", "1-800-FLOWERS",
		"+966555555555, +966555555556", "966555555555;966555555556", "966555555555\n966555555556", "+966555555555+966555555556", "966+555555555",
		"+966555555555 #12", "+966555555555;12", "12345@67890", "*123#", "5\ufe0f\u20e355555555", "966555555555.0",
		"966\xff555555555", "966555\ufffd555555",
	} {
		_, ok := contact.Phone(text)
		assert.False(t, ok, text)
		assert.False(t, contact.SamePhone(text, text), text)
	}
	for _, pair := range [][2]string{
		{"0555555555", "+555555555"}, // one has no country's code, and the other's is Brazil's
		{"0555555555", "555555555"},
		{"+966555555555", "+966555555556"},
		{"+966555555555", "+9665555555550"},
		{"966555555555", "555555555"},
	} {
		assert.False(t, contact.SamePhone(pair[0], pair[1]), pair)
	}
}

func TestIsInternational(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"+966555555555", "00966555555555", " (+966) 555", "٠٠٩٦٦", "＋966"} {
		assert.True(t, contact.IsInternational(text), text)
	}
	for _, text := range []string{"966555555555", "0555555555", "", "5+5"} {
		assert.False(t, contact.IsInternational(text), text)
	}
}

func TestWithPrefix(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "+966555555555", contact.WithPrefix("+", "966555555555"))
	assert.Equal(t, "00966555555555", contact.WithPrefix("00", "966555555555"))
	assert.Equal(t, "0555555555", contact.WithPrefix("+", "0555555555"))
}

func TestSplitPhone(t *testing.T) {
	t.Parallel()
	for number, want := range map[string][2]string{
		"15052814445":  {"1", "5052814445"},
		"79161234567":  {"7", "9161234567"},
		"201001234567": {"20", "1001234567"},
		"493012345678": {"49", "3012345678"},
		"919123456789": {"91", "9123456789"},
		"966555555555": {"966", "555555555"},
		"85253657436":  {"852", "53657436"},
		"358401234567": {"358", "401234567"},
		"2":            {"2", ""},
		"":             {"", ""},
	} {
		code, rest := contact.SplitPhone(number)
		assert.Equal(t, want, [2]string{code, rest}, number)
	}
}

func TestSurelyOther(t *testing.T) {
	t.Parallel()
	for _, pair := range [][2]string{{"+966555555555", "+966555555556"}, {"0555555555", "966555555556"}, {"5555555", "5555556"}} {
		assert.True(t, contact.SurelyOther(pair[0], pair[1]), pair)
		assert.True(t, contact.SurelyOther(pair[1], pair[0]), pair)
	}
	for _, pair := range [][2]string{
		{"+966555555555", "0555555555"}, {"+5491112345678", "+541112345678"}, {"", "+966555555555"}, {"n/a", "+966555555555"}, {"966", "+966555555555"}, {"555556", "+966555555555"},
	} {
		assert.False(t, contact.SurelyOther(pair[0], pair[1]), pair)
		assert.False(t, contact.SurelyOther(pair[1], pair[0]), pair)
	}
}

func TestIsCode(t *testing.T) {
	t.Parallel()
	for _, number := range []string{"966", "1", "7", "20", "9660", "96600", "99", "96"} {
		assert.True(t, contact.IsCode(number), number)
	}
	for _, number := range []string{"", "0", "0966", "9661", "11", "201", "123", "966000", "90000000", "70000000", "966000000000"} {
		assert.False(t, contact.IsCode(number), number)
	}
}

// The digits of each script stand in a row and begin with zero, so that each run of
// them counts from 0 to 9 again and again.
func TestDigitsOfEveryScript(t *testing.T) {
	t.Parallel()
	scripts, last, value := 0, rune(0), 0
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !unicode.IsDigit(r) {
			continue
		}
		if r != last+1 {
			value = 0
		}
		assert.Equal(t, strconv.Itoa(value), contact.Digits(string(r)), "%U", r)
		if value == 0 {
			scripts++
		}
		last, value = r, (value+1)%10
	}
	assert.Greater(t, scripts, 60)
	assert.Equal(t, "0123456789", contact.Digits("٠١٢٣٤٥٦٧٨٩"))
	assert.Equal(t, "0123456789", contact.Digits("𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗"))
	assert.Equal(t, "9876543210", contact.Digits("𝟗𝟖𝟕𝟔𝟓𝟒𝟑𝟐𝟏𝟎"))
	assert.Equal(t, "+966 (0)55-5", contact.ASCII("+٩٦٦ (٠)٥٥-٥"))
}
