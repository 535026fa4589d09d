package shopline

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/souk-go/souk/internal/loosejson"
)

// Tags are a customer's tags. SHOPLINE sends and takes them as one text with
// commas between them. In a request, nil tags are left out, and tags that are
// empty but not nil remove all.
type Tags []string

// MarshalJSON returns the tags as one text with commas.
func (t Tags) MarshalJSON() ([]byte, error) {
	return json.Marshal(strings.Join(t, ","))
}

// UnmarshalJSON decodes a text with commas, a list, or null.
func (t *Tags) UnmarshalJSON(data []byte) error {
	return json.Unmarshal(data, (*loosejson.Strings)(t))
}

// The most tags that a customer can have, and the most characters of all of them.
const (
	maxTags     = 100
	maxTag      = 128
	maxTagsText = 1000
)

func (c checks) tags(tags Tags) {
	c.Require(len(tags) <= maxTags, c.prefix+"Tags", "must be %d tags at most", maxTags)
	c.length("Tags", strings.Join(tags, ","), maxTagsText)
	c.Require(!slices.ContainsFunc(tags, notATag), c.prefix+"Tags", "must be tags of 1 to %d characters without commas", maxTag)
}

func notATag(text string) bool {
	return text == "" || strings.Contains(text, ",") || utf8.RuneCountInString(text) > maxTag
}
