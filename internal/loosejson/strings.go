package loosejson

import (
	"bytes"
	"slices"
	"strings"
)

// Strings is a list of strings that may come as one text with commas between
// them. Shoplazza sends tags as text in version 2022-01, with or without a
// space behind the comma, and as a list from version 2025-06 on.
type Strings []string

// UnmarshalJSON decodes a list of strings or numbers, a text or null. Parts that are
// blank are dropped, as no vendor takes them back, and so is space around the parts of
// a text. The other members of a list are taken as they are.
func (s *Strings) UnmarshalJSON(data []byte) error {
	const want = "list of texts or text with commas"
	if texts, ok := plainTexts(data); ok {
		*s = slices.DeleteFunc(texts, isBlank)
		return nil
	}
	if first(data) == '[' {
		var items []String
		if err := decode(data, &items, want); err != nil {
			return err
		}
		*s = make(Strings, len(items))
		for i, item := range items {
			(*s)[i] = string(item)
		}
		*s = slices.DeleteFunc(*s, isBlank)
		return nil
	}
	text, err := scalar(data, want)
	if err != nil {
		return err
	}
	*s = nil
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		if *s == nil {
			*s = make(Strings, 0, 1+strings.Count(text, ","))
		}
		*s = append(*s, part)
	}
	return nil
}

func isBlank(text string) bool { return strings.TrimSpace(text) == "" }

// plainTexts returns the texts of a list that stand there as they are, without commas
// in them.
func plainTexts(data []byte) (texts []string, ok bool) {
	if len(data) < 2 || data[0] != '[' || data[len(data)-1] != ']' {
		return nil, false
	}
	inner := data[1 : len(data)-1]
	texts = make([]string, 0, 1+bytes.Count(inner, []byte{','}))
	if len(bytes.Trim(inner, blanks)) == 0 {
		return texts, true
	}
	for part := range bytes.SplitSeq(inner, []byte{','}) {
		text, ok := plainText(bytes.Trim(part, blanks))
		if !ok {
			return nil, false
		}
		texts = append(texts, text)
	}
	return texts, true
}

// blanks are those that JSON allows between values.
const blanks = " \t\r\n"
