package mask_test

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"html"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/souk-go/souk/internal/mask"
)

func TestSecretsAreFoundInEverySpelling(t *testing.T) {
	t.Parallel()
	const secret = `p+a/s"s wö&rd`
	sent := mask.NewSent([]string{secret}, nil)
	for name, text := range map[string]string{
		"plain":              "<" + secret + ">",
		"within a word":      "x" + secret + "x",
		"upper case":         strings.ToUpper(secret),
		"query":              url.QueryEscape(secret),
		"query, lower case":  strings.ToLower(url.QueryEscape(secret)),
		"path":               url.PathEscape(secret),
		"JSON":               `p+a/s\"s wö\u0026rd`,
		"JSON of others":     `p+a\/s\"s w\u00f6&rd`,
		"every sign escaped": `\u0070\u002b\u0061\u002F\u0073\u0022\u0073\u0020\u0077\u00f6\u0026\u0072\u0064`,
		"JSON in JSON":       `{\"message\":\"p+a\\/s\\\"s w\\u00f6&rd\"}`,
		"HTML":               html.EscapeString(secret),
		"HTML by numbers":    `p&#43;a&#x2f;s&quot;s w&ouml;&amp;rd`,
		"twice in a URL":     url.QueryEscape(url.QueryEscape(secret)),
		"hex":                hex.EncodeToString([]byte(secret)),
		"base64":             base64.StdEncoding.EncodeToString([]byte(secret)),
		"Basic":              base64.StdEncoding.EncodeToString([]byte("user:" + secret)),
		"base64 for URLs":    base64.RawURLEncoding.EncodeToString([]byte("u:" + secret + ":v")),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			shown := sent.Secrets("before " + text + " after")
			assert.Contains(t, shown, "[masked]")
			for _, part := range []string{"p+a", "rd", "70002b", text} {
				assert.NotContains(t, strings.ToLower(shown), part)
			}
		})
	}
}

func TestSecretsAreFoundInTheSpellingsOfPrograms(t *testing.T) {
	t.Parallel()
	const secret = "canary-Ä9f8"
	sent := mask.NewSent([]string{secret}, nil)
	each := func(format string) string {
		var b strings.Builder
		for _, r := range secret {
			fmt.Fprintf(&b, format, r)
		}
		return b.String()
	}
	octal := func(text string) string {
		var b strings.Builder
		for _, c := range []byte(text) {
			fmt.Fprintf(&b, `\%03o`, c)
		}
		return b.String()
	}
	for name, text := range map[string]string{
		"octal": octal(secret), `\U`: each(`\U%08x`), `\u{}`: each(`\u{%x}`), "%u": each("%%u%04X"), "UTF-16": strings.Join(strings.Split("canary-", ""), "\x00") + "\x00Ä9f8",
		"not all of it": `c\141nary-\u{c4}9f8`,
	} {
		assert.Equal(t, "[masked]", sent.Secrets("before "+text+" after"), name)
	}
	for _, harmless := range []string{`\u{`, `\u{}`, `\u{zz} x`, `\U0000`, "%u00", `\1`, `\400`, `\`, "%"} {
		assert.Equal(t, harmless, sent.Secrets(harmless))
	}
	for _, broken := range []string{`%x000`, `%u`, `\u{`} { // that takes nothing away of what stands behind it
		assert.Equal(t, "[masked]", sent.Secrets(broken+`c\u0061nary-Ä9f8`))
		assert.Equal(t, "[masked]", sent.Secrets(broken+`\u0063anary-Ä9f8`))
	}
	for _, end := range []string{`canary-Ä9f\8`, `canary-Ä9f\070`} {
		assert.Equal(t, "[masked]", sent.Secrets(end))
	}
	assert.Equal(t, "[masked]", mask.NewSent([]string{"smile😀s"}, nil).Secrets(`sm\u0069le\ud83d\ude00s`))
}

// What a frequent spelling stands in can be read still.
func TestTheTextAroundASecretStays(t *testing.T) {
	t.Parallel()
	const secret = `p+a/s"s\ wöل&rd`
	sent := mask.NewSent([]string{secret}, nil)
	for name, text := range map[string]string{
		"plain":          secret,
		"query":          url.QueryEscape(secret),
		"path":           url.PathEscape(secret),
		"JSON":           `p+a/s\"s\\ wöل\u0026rd`,
		"JSON of PHP":    `p+a\/s\"s\\ wöل\u0026rd`,
		"ASCII":          `p+a/s\"s\\ w\u00f6\u0644&rd`,
		"ASCII of PHP":   `p+a\/s\"s\\ w\u00f6\u0644&rd`,
		"base64":         base64.RawStdEncoding.EncodeToString([]byte(secret)),
		"hex":            hex.EncodeToString([]byte(secret)),
		"in upper case":  strings.ToUpper(secret),
		"hex upper case": strings.ToUpper(hex.EncodeToString([]byte(secret))),
	} {
		shown := sent.Secrets("before " + text + " after")
		assert.Regexp(t, `^before \[masked\]\w? after$`, shown, name)
	}
}

// The encodings of a short secret are too short to be told from other text.
func TestEncodedSecrets(t *testing.T) {
	t.Parallel()
	for _, secret := range []string{"~~~???~~~???", "x~~~???~~~???", "xx~~~???~~~???"} { // whose base64 has + and /
		assert.Regexp(t, `^x \w{0,4}\[masked\]\w{0,4}$`, mask.NewSent([]string{"~~~???~~~???"}, nil).Secrets("x "+base64.RawURLEncoding.EncodeToString([]byte(secret))))
	}
	for secret, want := range map[string]string{"sesame": "x [masked]", "sesam": "x 736573616d"} {
		assert.Equal(t, want, mask.NewSent([]string{secret}, nil).Secrets("x "+hex.EncodeToString([]byte(secret))))
	}
}

// A part of a long credential gives most of it away.
func TestPartsOfALongSecretAreMasked(t *testing.T) {
	t.Parallel()
	const secret = "canary-9f8e7d6c5b4a3z2y1x0w-AbCdEfGhIjKlMnOpQrStUvWxYz-0123456789-tail"
	sent := mask.NewSent([]string{secret, "short-secret-of-20xx"}, []string{"somewhere over the rainbow, somebody"})
	lines := func(text string) string {
		var b strings.Builder
		for ; len(text) > 40; text = text[40:] {
			b.WriteString(text[:40] + "\r\n")
		}
		return b.String() + text
	}
	for name, text := range map[string]string{
		"the beginning": "the token " + secret[:30] + "… is wrong",
		"the end":       "the token …" + secret[len(secret)-30:] + " is wrong",
		"the middle":    secret[20:50],
		"lines":         lines(secret),
		"base64, lines": lines(base64.StdEncoding.EncodeToString([]byte("user:" + secret))),
		"upper case":    strings.ToUpper(secret[:30]),
		"escaped":       url.QueryEscape("<" + secret[:30] + ">"),
		"JSON in JSON":  `{\"token\":\"` + secret[:30] + `\"}`,
	} {
		shown := sent.Secrets(text)
		assert.Contains(t, shown, "[masked]", name)
		for from := 0; from+8 <= len(text); from++ {
			if part := text[from : from+8]; strings.Contains(strings.ToLower(secret), strings.ToLower(part)) {
				assert.NotContains(t, shown, part, name)
			}
		}
	}
	for _, text := range []string{secret[:8] + "… is wrong", "canary", "short-secret-of-", "over the rainbow, and far away", ""} {
		assert.Equal(t, text, sent.All(text))
	}
	huge := strings.Repeat(secret, 1000)
	assert.Equal(t, "[masked]", mask.NewSent([]string{huge[:64<<10]}, nil).Secrets(secret[8:20]))
	assert.Equal(t, secret[8:20], mask.NewSent([]string{huge[:64<<10+1]}, nil).Secrets(secret[8:20]), "longer than any that is sent")
}

// Wherever 15 characters of a long credential are cut out, 12 of them are hidden.
func TestEveryPartOfALongSecretIsMasked(t *testing.T) {
	t.Parallel()
	const secret = "canary-9f8e7d6c5b4a3z2y1"
	for from := range len(secret) - 14 {
		part := secret[from : from+15]
		assert.Contains(t, mask.NewSent([]string{secret}, nil).Secrets(part), "[masked]")
		assert.Equal(t, part[:14], mask.NewSent([]string{secret[1:]}, nil).Secrets(part[:14]), "of one that is not long")
	}
}

func TestWhatIsMasked(t *testing.T) {
	t.Parallel()
	sent := mask.NewSent(
		[]string{"1234", "abc", "", "tok-en99"},
		[]string{"Ada", "محمد", "李雷", "李", "Li", "250", "9999", "90210", "true", "+49 170 1", "+12", "Ada Lovelace"},
	)
	for text, want := range map[string]string{
		"1234 is wrong":                 "[masked] is wrong",
		"12345, 01234, id1234":          "12345, 01234, id1234",
		"abc, and 1":                    "abc, and 1",
		"xtok-en99x TOK-EN99":           "x[masked]x [masked]",
		"Ada, ADA and adamant":          "[masked], [masked] and adamant",
		"the name ada_1":                "the name [masked]_1",
		"Ada Lovelace exists":           "[masked] exists",
		"محمد موجود":                    "[masked] موجود",
		"客户李雷已存在":                       "客户[masked]已存在",
		"李已存在":                          "李已存在",
		"Li, 250 at most, true, or 902": "Li, 250 at most, true, or 902",
		"90210 (49 170 1)":              "[masked] ([masked])",
		"9999 at most, or 12":           "9999 at most, or 12",
		"Ⱥ":                             "Ⱥ",        // is shorter than in lower case
		`"Ada\n1234"`:                   "[masked]", // a word that begins behind an escape
		"":                              "",
	} {
		assert.Equal(t, want, sent.All(text), text)
	}
	assert.Equal(t, "Ada has [masked]", sent.Secrets("Ada has 1234"))
	var none *mask.Sent
	assert.Equal(t, "Ada 1234", none.All(none.Secrets("Ada 1234")))
}

func TestTheBeginningOfASecretAtTheEnd(t *testing.T) {
	t.Parallel()
	sent := mask.NewSent([]string{"canary-secret"}, nil)
	for text, want := range map[string]string{
		"x canary-s": "x ", "x canacanary-s": "x cana", "x CANA": "x ", "x can": "x can", "x canary, no": "x canary, no", "canary-secret": "", "": "",
	} {
		assert.Equal(t, want, sent.Beginning(text), text)
	}
}

func TestCut(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"": "", "12345678": "12345678", "123456789": "12345…", "1234ö6789": "1234…", strings.Repeat("\x80", 9): "…"} {
		assert.Equal(t, want, mask.Cut(text, 8))
	}
}

// A vendor's message may say whom it is about, also where that was not sent.
func TestWhatCanBePersonalIsMasked(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"1234567 is taken": "[masked] is taken", "12345678 is taken": "[masked] is taken", "at most 999999": "at most 999999",
		"+966 (55) 555-5555 is taken": "[masked] is taken", "version 2026-01": "version 2026-01",
		"<ada@example.com>, ok": "<[masked]>, ok", "Bearer abc.def is wrong": "[masked] is wrong", "sk_live_4f5e is wrong": "[masked] is wrong",
		"eyJhbGciOiJIUzI1NiJ9.e30-_AbCd.x": "[masked]", "ask_anybody": "ask_anybody",
	} {
		assert.Equal(t, want, mask.Text(text))
	}
}

func TestLine(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "a b", mask.Line("a\r\n\x00b"))
	assert.Equal(t, "[masked] b", mask.Text("x@y.example\nb"))
}

func TestHiding(t *testing.T) {
	t.Parallel()
	cause := errors.New("cause")
	sent := mask.NewSent([]string{"secret"}, nil)
	err := fmt.Errorf("around: %w", mask.Hiding(cause, sent))
	assert.Same(t, sent, mask.HiddenBy(err))
	assert.ErrorIs(t, err, cause)
	assert.EqualError(t, err, "around: cause")
	assert.NotContains(t, fmt.Sprintf("%#v %+v", mask.Hiding(cause, sent), err), "secret")
	assert.Nil(t, mask.HiddenBy(cause))
	assert.NoError(t, mask.Hiding(nil, sent))
}

type shy struct{ text string }

func (s shy) Format(f fmt.State, verb rune) { mask.Format(f, verb, s.text) }

type form struct{ Name, Password string }

func (r form) Format(f fmt.State, verb rune) {
	type plain form
	r.Password = mask.Secret(r.Password)
	mask.Print(f, verb, plain(r))
}

func TestFormat(t *testing.T) {
	t.Parallel()
	for format, want := range map[string]string{
		"%v": "a b", "%+v": "a b", "%#v": "a b", "%s": "a b", "%q": `"a b"`, "%d": "a b", "%5s": "  a b", "%x": "612062", "%T": "mask_test.shy",
	} {
		assert.Equal(t, want, fmt.Sprintf(format, shy{"a b"}), format)
	}
	assert.Equal(t, "[a b]", fmt.Sprint([]shy{{"a b"}}))
}

func TestPrint(t *testing.T) {
	t.Parallel()
	full, empty := form{"Ada", "secret"}, form{"Ada", ""}
	assert.Equal(t, "{Ada [masked]} {Name:Ada Password:[masked]}", fmt.Sprintf("%v %+v", full, full))
	assert.Equal(t, `mask_test.plain{Name:"Ada", Password:""}`, fmt.Sprintf("%#v", empty))
	assert.NotContains(t, fmt.Sprintf("%s %q %d %x %X", full, full, full, full, full), "secret")
	assert.NotContains(t, fmt.Sprintf("%x", full), "736563726574")
	assert.Equal(t, "{Name:Ada Password:[masked]}", mask.LogValue(full).String())
	assert.Equal(t, new("[masked]"), mask.SecretAt(&full.Password))
	assert.Equal(t, new(""), mask.SecretAt(&empty.Password))
	assert.Nil(t, mask.SecretAt(nil))
}
