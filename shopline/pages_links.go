package shopline

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// links holds the cursors of the pages next to a page, empty if there is none.
type links struct {
	next, previous string
	broken         bool // a next page may be announced, and nobody knows which
}

// wrong names what a page with so many rows lacks, "" for nothing: links that can be
// read, or rows if its links promise a next page.
func (l *links) wrong(rows int) string {
	switch {
	case l.broken:
		return "a Link header that can be read"
	case rows == 0 && l.next != "":
		return "the rows of the page"
	}
	return ""
}

// Head reads the Link header (RFC 8288). Only the parameter page_info of its URLs is
// used; nothing is sent to the hosts in them.
func (l *links) Head(header http.Header) {
	*l = links{}
	for _, text := range header.Values("Link") {
		for text != "" {
			var target string
			var relations []string
			var whole bool
			target, relations, text, whole = cutLink(text)
			l.broken = l.broken || !whole
			l.broken = l.broken || !named(relations) && pageInfo(target) != ""
			for _, relation := range relations {
				l.add(relation, target)
			}
		}
	}
	if l.broken {
		l.next = ""
	}
}

// named reports whether one of the relations says which page a link leads to. A page
// that none does can be the next one.
func named(relations []string) bool {
	return slices.ContainsFunc(relations, func(relation string) bool {
		return slices.Contains([]string{"next", "previous", "prev", "first", "last", "self"}, relation)
	})
}

func (l *links) add(relation, target string) {
	switch relation {
	case "next":
		before := l.next
		l.next = pageInfo(target)
		l.broken = l.broken || l.next == "" || before != "" && before != l.next
	case "previous", "prev":
		l.previous = pageInfo(target)
	}
}

// cutLink cuts the first link off a header. It returns the URL in angle brackets, which
// may contain commas and semicolons, its relations in lower case, and the rest. whole is
// false if the header ends within the URL, or if a cursor stands in front of it.
func cutLink(text string) (target string, relations []string, rest string, whole bool) {
	before, text, ok := strings.Cut(text, "<")
	isWhole := !strings.Contains(before, "page_info")
	if !ok {
		return "", nil, "", isWhole
	}
	target, text, ok = strings.Cut(text, ">")
	if !ok {
		return "", nil, "", false
	}
	for {
		var name, value string
		name, value, rest = cutParameter(text)
		if strings.EqualFold(name, "rel") {
			relations = slices.Concat(relations, strings.Fields(strings.ToLower(value)))
		}
		if !strings.HasPrefix(rest, ";") {
			return target, relations, rest, isWhole
		}
		text = rest
	}
}

// cutParameter cuts the first ";name=value" off text. The value may be quoted.
func cutParameter(text string) (name, value, rest string) {
	text = strings.TrimLeft(text, "; \t")
	end := strings.IndexAny(text, "=;,")
	if end < 0 {
		return strings.TrimSpace(text), "", ""
	}
	name, rest = strings.TrimSpace(text[:end]), text[end:]
	if rest[0] != '=' {
		return name, "", rest
	}
	rest = strings.TrimLeft(rest[1:], " \t")
	if quoted, ok := strings.CutPrefix(rest, `"`); ok {
		value, rest, _ = strings.Cut(quoted, `"`)
		return name, value, strings.TrimLeft(rest, " \t")
	}
	if end = strings.IndexAny(rest, ";,"); end < 0 {
		end = len(rest)
	}
	return name, strings.TrimSpace(rest[:end]), rest[end:]
}

// pageInfo returns the cursor in a URL. It is base64, which has no spaces, so a space
// is a plus sign that was not escaped.
func pageInfo(address string) string {
	_, query, _ := strings.Cut(address, "?")
	query, _, _ = strings.Cut(query, "#")
	for pair := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(pair, "=")
		if name != "page_info" {
			continue
		}
		text, err := url.QueryUnescape(value)
		if err != nil {
			text = value
		}
		return strings.ReplaceAll(text, " ", "+")
	}
	return ""
}
