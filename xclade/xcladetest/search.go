package xcladetest

import (
	"slices"
	"strings"
)

// compileSearch compiles the parameter q: every word must be in one of the
// columns that are searched. Within $and and $or there is no such column.
func (c *compiler) compileSearch(f filter, at string, value any) condition {
	text, ok := value.(string)
	if !ok {
		return c.wrong(f, at, "string", value)
	}
	c.crashes = c.crashes || at != ""
	columns := entities[f.related].search
	var all []condition
	for _, word := range strings.Fields(text) {
		if !strings.ContainsAny(word, wildcards) {
			word = strings.ToLower(word)
			all = append(all, func(_ *store, r *record) bool { return strings.Contains(r.search, word) })
			continue
		}
		matches := like("%"+word+"%", true)
		all = append(all, func(_ *store, r *record) bool {
			return slices.ContainsFunc(columns, func(column string) bool {
				text, ok := r.values[column].(string)
				return ok && matches(text)
			})
		})
	}
	return every(all)
}

// wildcards are the signs that mean something in an SQL pattern.
const wildcards = `%_\`

// like returns a matcher of an SQL pattern: % stands for any text, _ for any
// letter, and \ takes the meaning from what follows it.
func like(pattern string, foldCase bool) func(string) bool {
	if foldCase {
		pattern = strings.ToLower(pattern)
	}
	tokens := likeTokens(pattern)
	return func(text string) bool {
		if foldCase {
			text = strings.ToLower(text)
		}
		return likeMatch(tokens, []rune(text))
	}
}

const (
	anyText   = -1
	anyLetter = -2
)

func likeTokens(pattern string) []rune {
	var tokens []rune
	escaped := false
	for _, letter := range pattern {
		switch {
		case escaped:
			escaped = false
		case letter == '\\':
			escaped = true
			continue
		case letter == '%':
			letter = anyText
		case letter == '_':
			letter = anyLetter
		}
		tokens = append(tokens, letter)
	}
	return tokens
}

// likeMatch walks both in step and, where they part, lets the last % take one
// letter more.
func likeMatch(tokens, text []rune) bool {
	t, star, resume := 0, -1, 0
	for i := 0; i < len(text); {
		switch {
		case t < len(tokens) && tokens[t] == anyText:
			star, resume = t, i
			t++
		case t < len(tokens) && (tokens[t] == anyLetter || tokens[t] == text[i]):
			t++
			i++
		case star >= 0:
			resume++
			t, i = star+1, resume
		default:
			return false
		}
	}
	for t < len(tokens) && tokens[t] == anyText {
		t++
	}
	return t == len(tokens)
}
