package matrix

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
)

// absent is what a member has that is taken out.
type absent struct{}

// saying returns the stand-in's own page with another value at a path, with which the
// page contradicts itself.
func saying(path string, value any) answer {
	return answer{own: true, status: sameStatus, name: path, change: func(g *given) { g.set(path, value) }}
}

// linking returns the stand-in's own page with another Link header.
func linking(link string) answer {
	return answer{own: true, status: sameStatus, name: "Link", change: func(g *given) { g.header["Link"] = []string{link} }}
}

// about returns the stand-in's own answers to some operations with another id at a path.
func about(path string, operations ...operation) map[operation]answer {
	others := make(map[operation]answer)
	for _, op := range operations {
		others[op] = saying(path, 999999999)
	}
	return others
}

// firstly returns contradictions that are none on later pages.
func firstly(all ...answer) []answer {
	for i := range all {
		all[i].first = true
	}
	return all
}

// set replaces a value, or takes it out. The path is one of names with dots between
// them, and begins within the envelope if there is one.
func (g *given) set(path string, value any) {
	var page map[string]any
	in := json.NewDecoder(bytes.NewReader(g.body))
	in.UseNumber()
	if err := in.Decode(&page); err != nil {
		return
	}
	at, names := page, strings.Split(path, ".")
	for _, envelope := range []string{"content", "data"} {
		if inner, ok := at[envelope].(map[string]any); ok {
			at = inner
		}
	}
	for _, name := range names[:len(names)-1] {
		at, _ = at[name].(map[string]any)
	}
	if last := names[len(names)-1]; value == (absent{}) {
		delete(at, last)
	} else {
		at[last] = value
	}
	g.body, _ = json.Marshal(page)
	g.header.Del("Content-Length")
}

// isPage reports the operations that are answered with a page.
func (op operation) isPage() bool { return op == lists || op == walks }

// The contradictions of each vendor. What a vendor's pages do not say, such as
// Shoplazza's of 2022-01, they cannot contradict.
var (
	sallaContradictions = append(firstly(
		saying("pagination.total", 1), saying("pagination.perPage", 1),
	),
		saying("pagination.total", 0), saying("pagination.total", -1), saying("pagination.perPage", -1),
		saying("pagination.currentPage", absent{}), saying("pagination.currentPage", 0), saying("pagination.currentPage", 9),
		saying("pagination.totalPages", absent{}), saying("pagination.totalPages", 0), saying("pagination.totalPages", 1),
		saying("pagination", absent{}),
	)
	commercengineContradictions = append(firstly(
		saying("pagination.total_pages", 1), saying("pagination.next_page", nil), saying("pagination.total_records", 1),
	),
		saying("pagination.total_records", 0), saying("pagination.limit", 1), saying("pagination.limit", 0),
		saying("pagination.next_page", 1), saying("pagination.next_page", 9), saying("pagination.previous_page", 9),
		saying("pagination", absent{}),
	)
	shoplineContradictions = append(firstly(
		saying("customers", []any{}),
	),
		linking(`<https://x/?page_info=2; rel="next"`), linking(`<https://x/?limit=2>; rel="next"`), linking(`<https://x/?page_info=>; rel="next"`),
		linking(`<https://x/?page_info=2>; rel="next", <https://x/?page_info=3>; rel="next"`),
	)
	xcladeContradictions = append(firstly(
		saying("count", 1), saying("limit", 1),
	),
		saying("count", 0), saying("count", -1), saying("count", absent{}),
		saying("offset", 2), saying("offset", -1), saying("offset", absent{}),
		saying("limit", 0), saying("limit", -1), saying("limit", absent{}),
	)
)

// shoplazzaContradictions are of the versions from 2025-06 on.
func shoplazzaContradictions(list string) []answer {
	endless := answer{own: true, status: sameStatus, name: "has_more", change: func(g *given) { g.set("has_more", true); g.set("cursor", absent{}) }}
	return append(firstly(saying(list, []any{})), endless, saying("has_more", absent{}), saying("has_more", nil))
}

// echoing repeats in a text the credential that was sent: some servers do so when they
// do not take it.
const echoing = "{credential}"

func credentialOf(r *http.Request) string {
	for _, name := range []string{"Authorization", "Access-Token", "X-Api-Key"} {
		if value := r.Header.Get(name); value != "" {
			return value
		}
	}
	return "none"
}
