package mask

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// needle is one spelling of what is looked for, in lower case.
type needle struct {
	text string
	word bool // is looked for as a whole word only
}

const (
	// anywhere is the length from which on a text is searched for within words, too.
	anywhere = 8
	// encodable is the length from which on the encodings of a text are long enough to
	// be searched for.
	encodable = 6
)

// needlesOf returns the spellings of a text.
func needlesOf(text string) []needle {
	forms := []string{text}
	if strings.ContainsFunc(text, isEscaped) {
		forms = spell(text)
	}
	var needles []needle
	for _, form := range forms {
		needles = append(needles, needle{fold(form), utf8.RuneCountInString(form) < anywhere})
	}
	if len(text) < encodable {
		return needles
	}
	needles = append(needles, needle{text: hex.EncodeToString([]byte(text))})
	for shift := range 3 {
		core := base64Core(text, shift)
		needles = append(needles, needle{text: fold(core)})
		if strings.ContainsAny(core, "+/") {
			needles = append(needles, needle{text: fold(forURLs.Replace(core))})
		}
	}
	return needles
}

// isEscaped reports what one of the spellings has an escape for, and the plus before
// the number of a phone.
func isEscaped(r rune) bool { return !strings.ContainsRune(unreserved, r) }

// unreserved are the signs that have one spelling everywhere.
const unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~"

var forURLs = strings.NewReplacer("+", "-", "/", "_")

// spell returns how URLs and JSON spell a text, each once.
func spell(text string) []string {
	forms := []string{text, url.QueryEscape(text), url.PathEscape(text), quoted(text), ascii(text)}
	forms = append(forms, strings.ReplaceAll(quoted(text), "/", `\/`), strings.ReplaceAll(ascii(text), "/", `\/`))
	if number := strings.TrimPrefix(text, "+"); !isCommon(number) {
		forms = append(forms, number)
	}
	slices.Sort(forms)
	return slices.Compact(forms)
}

// quoted is how encoding/json spells a text, without the quotes.
func quoted(text string) string {
	data, _ := json.Marshal(text) // text always has a JSON form
	return string(data[1 : len(data)-1])
}

// ascii is how most others spell it.
func ascii(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < utf8.RuneSelf:
			b.WriteRune(r)
		default:
			for _, unit := range utf16.Encode([]rune{r}) {
				b.WriteString(`\u` + hex.EncodeToString([]byte{byte(unit >> 8), byte(unit)}))
			}
		}
	}
	return b.String()
}

// base64Core is what the base64 of all texts have in common that hold this one so many
// bytes behind the beginning of a group. The first characters mix with what stands
// before, the last with what follows.
func base64Core(text string, shift int) string {
	all := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("x", shift) + text))
	return all[(shift*8+5)/6 : (shift+len(text))*8/6]
}

// span is a piece of a text.
type span struct{ from, to int }

// find returns where what is wanted occurs in a text that is folded.
func (w wanted) find(text string) []span {
	found := w.pieces.find(text)
	for _, n := range w.needles {
		for at := 0; ; {
			i := strings.Index(text[at:], n.text)
			if i < 0 {
				break
			}
			s := span{at + i, at + i + len(n.text)}
			at = s.to
			if n.word && !isWord(text, s) {
				at = s.from + 1
				continue
			}
			found = append(found, s)
		}
	}
	return found
}

// replace masks what is found.
func replace(text string, w wanted) string {
	found := w.find(fold(text))
	if len(found) == 0 {
		return text
	}
	slices.SortFunc(found, func(a, b span) int { return a.from - b.from })
	var b strings.Builder
	end := 0
	for _, s := range found {
		if s.from >= end {
			b.WriteString(text[end:s.from] + masked)
		}
		end = max(end, s.to)
	}
	return b.String() + text[end:]
}

// isWord reports that no letter or digit stands next to a piece of text.
func isWord(text string, s span) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:s.from])
	first, _ := utf8.DecodeRuneInString(text[s.from:])
	last, _ := utf8.DecodeLastRuneInString(text[:s.to])
	after, _ := utf8.DecodeRuneInString(text[s.to:])
	return !joins(before, first) && !joins(last, after)
}

// joins reports that two neighbors are of one word.
func joins(a, b rune) bool { return ofWord(a) && ofWord(b) }

// ofWord reports letters of scripts that have blanks between words, and digits.
func ofWord(r rune) bool {
	return (unicode.IsLetter(r) || unicode.IsDigit(r)) && !unicode.In(r, unblanked...)
}

var unblanked = []*unicode.RangeTable{
	unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar,
}

// fold returns a text in lower case that is as long in bytes.
func fold(text string) string {
	b := []byte(text)
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if lower := unicode.ToLower(r); utf8.RuneLen(lower) == n {
			utf8.EncodeRune(b[i:], lower)
		}
		i += n
	}
	return string(b)
}
