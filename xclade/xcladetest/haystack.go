package xcladetest

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
)

// haystack is what the rows of a kind are searched in, one behind the other, so that a
// search need not look at each row. A row that has changed is in it twice, and a search
// may bring it for what it was.
type haystack struct {
	all    []byte
	starts []int
	owners []*record
}

func (h *haystack) add(r *record) {
	h.starts, h.owners = append(h.starts, len(h.all)), append(h.owners, r)
	h.all = append(append(h.all, r.search...), betweenColumns...)
}

// with returns the rows that may have a word, in order of id.
func (h *haystack) with(word string) []*record {
	var found []*record
	for from := 0; ; {
		at := bytes.Index(h.all[from:], []byte(word))
		if at < 0 {
			break
		}
		i, exact := slices.BinarySearch(h.starts, from+at)
		if !exact {
			i--
		}
		found = append(found, h.owners[i])
		if i+1 == len(h.starts) {
			break
		}
		from = h.starts[i+1]
	}
	slices.SortFunc(found, func(a, b *record) int { return cmp.Compare(a.id(), b.id()) })
	return slices.Compact(found)
}

// plainWord returns the longest word of the parameter q in which no sign stands for any
// text, "" if there is none.
func plainWord(q any) (longest string) {
	text, _ := q.(string)
	for _, word := range strings.Fields(text) {
		if len(word) > len(longest) && !strings.ContainsAny(word, wildcards) {
			longest = word
		}
	}
	return strings.ToLower(longest)
}
