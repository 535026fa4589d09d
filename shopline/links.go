package shopline

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// links are the cursors of the pages beside one page, empty where there is none.
type links struct {
	next, previous string
}

var errNoCursor = errors.New("the Link header announces another page without a page_info")

// readLinks reads the Link header (RFC 8288). Of the addresses in it only the
// parameter page_info counts: whichever host they name, nothing is sent there.
func readLinks(header http.Header) (links, error) {
	var found links
	for _, text := range header.Values("Link") {
		for text != "" {
			var target string
			var relations []string
			target, relations, text = cutLink(text)
			for _, relation := range relations {
				var cursor *string
				switch strings.ToLower(relation) {
				case "next":
					cursor = &found.next
				case "previous", "prev":
					cursor = &found.previous
				default:
					continue
				}
				*cursor = pageInfo(target)
				if *cursor == "" && cursor == &found.next {
					return links{}, errNoCursor
				}
			}
		}
	}
	return found, nil
}

// cutLink cuts the first link off a header: the address in angle brackets, which
// may hold commas and semicolons, its relations, and what follows.
func cutLink(text string) (target string, relations []string, rest string) {
	_, text, ok := strings.Cut(text, "<")
	if !ok {
		return "", nil, ""
	}
	target, text, ok = strings.Cut(text, ">")
	if !ok {
		return "", nil, ""
	}
	for {
		var name, value string
		name, value, rest = cutParameter(text)
		if strings.EqualFold(name, "rel") {
			relations = slices.Concat(relations, strings.Fields(value))
		}
		if !strings.HasPrefix(rest, ";") {
			return target, relations, rest
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

// pageInfo returns the cursor in an address. It is base64, which has no spaces,
// so a space is a plus sign that was not escaped.
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
