package mask

import (
	"html"
	"strconv"
	"strings"
	"unicode/utf16"
)

// unescape undoes the escapes of URLs, JSON, HTML and source code anywhere in a text,
// as far as possible, and UTF-16.
func unescape(text string) string {
	text = strings.ReplaceAll(text, "\x00", "")
	if !strings.ContainsAny(text, `%\&`) {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); {
		code, n := escape(text[i:])
		if n == 0 {
			b.WriteByte(text[i])
			i++
			continue
		}
		b.WriteString(code)
		i += n
	}
	return html.UnescapeString(b.String())
}

// escape returns what an escape at the beginning of text stands for, and its length,
// which is 0 where there is none.
func escape(text string) (plain string, n int) {
	switch {
	case len(text) < 2 || text[0] != '%' && text[0] != '\\':
		return "", 0
	case text[0] == '%':
		if c, ok := hexadecimal(text, 1, 2); ok {
			return string([]byte{byte(c)}), 3
		}
		if c, ok := hexadecimal(text, 2, 4); ok && text[1] == 'u' { // of old scripts
			return string(c), 6
		}
		return "", 0
	}
	switch text[1] {
	case 'u':
		if digits, _, ok := strings.Cut(text[2:min(len(text), 10)], "}"); ok && strings.HasPrefix(digits, "{") {
			c, _ := hexadecimal(digits, 1, len(digits)-1)
			return string(c), len(digits) + 3
		}
		c, ok := hexadecimal(text, 2, 4)
		if !ok {
			return "", 0
		}
		if low, ok := hexadecimal(text, 8, 4); ok && utf16.IsSurrogate(c) && text[6:8] == `\u` {
			return string(utf16.DecodeRune(c, low)), 12
		}
		return string(c), 6
	case 'x':
		if c, ok := hexadecimal(text, 2, 2); ok {
			return string([]byte{byte(c)}), 4
		}
		return "", 0
	case 'U':
		if c, ok := hexadecimal(text, 2, 8); ok {
			return string(c), 10
		}
		return "", 0
	case '0', '1', '2', '3':
		if len(text) >= 4 {
			if c, err := strconv.ParseUint(text[1:4], 8, 8); err == nil {
				return string([]byte{byte(c)}), 4
			}
		}
	case 'n', 'r', 't', 'b', 'f':
		return " ", 2
	}
	return text[1:2], 2
}

// hexadecimal reads n digits from a place on.
func hexadecimal(text string, from, n int) (rune, bool) {
	if len(text) < from+n {
		return 0, false
	}
	c, err := strconv.ParseUint(text[from:from+n], 16, 31)
	return rune(c), err == nil
}
