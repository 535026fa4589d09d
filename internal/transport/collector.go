package transport

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/souk-go/souk/internal/mask"
)

// collector gathers what a call has sent.
type collector struct {
	secrets []string
	others  []string
	names   []string // of the request's own fields, which no text can do without
}

// A value under such a name is a credential.
var (
	secretFields  = regexp.MustCompile(`(?i)(passw(or)?d|passw(or)?d_?confirmation|secret|token|otp|api_?key)$`)
	secretHeaders = regexp.MustCompile(`(?i)(auth|authorization|cookie|key|password|secret|session|sign|signature|token)$`)
)

// header adds the credentials in the headers of an attempt.
func (c *collector) header(header http.Header, authorizer Authorizer) {
	for name, values := range header {
		if !secretHeaders.MatchString(name) && (authorizer == nil || authorizer.Header() != name) {
			continue
		}
		for _, value := range values {
			c.credential(name, value)
		}
	}
}

// credential adds a header's value and its parts, since servers quote either.
func (c *collector) credential(name, value string) {
	c.secrets = append(c.secrets, value)
	if name == "Cookie" {
		cookies, _ := http.ParseCookie(value)
		for _, cookie := range cookies {
			c.secrets = append(c.secrets, cookie.Value)
		}
		return
	}
	scheme, rest, ok := strings.Cut(value, " ")
	if !ok {
		return
	}
	c.secrets = append(c.secrets, rest)
	if scheme != "Basic" {
		return
	}
	plain, _ := base64.StdEncoding.DecodeString(rest)
	user, password, _ := strings.Cut(string(plain), ":")
	c.secrets = append(c.secrets, string(plain), user, password)
}

// ids adds the ids in the path.
func (c *collector) ids(call *Call) {
	for _, id := range call.IDs {
		c.others = append(c.others, fmt.Sprint(id))
	}
	for segment := range strings.SplitSeq(call.Path, "/") {
		if strings.ContainsAny(segment, "0123456789@%") { // or else it is a word of the end point
			plain, _ := url.PathUnescape(segment)
			c.others = append(c.others, plain)
		}
	}
}

func (c *collector) query(query string) {
	values, _ := url.ParseQuery(query)
	for name, texts := range values {
		for _, text := range texts {
			c.field(name, text)
		}
	}
}

// body adds the values in a body. encoded is its JSON.
func (c *collector) body(body any, encoded []byte) {
	switch b := body.(type) {
	case Raw:
		if b.ContentType == "application/x-www-form-urlencoded" {
			c.query(string(b.Bytes))
			return
		}
		encoded = b.Bytes
	case *Upload:
		for name, text := range b.Fields {
			c.field(name, text)
		}
		for i := range b.Files {
			c.others = append(c.others, b.Files[i].Name)
		}
		return
	}
	if len(encoded) == 0 {
		return
	}
	var value any
	decoder := json.NewDecoder(bytes.NewReader(encoded))
	decoder.UseNumber()
	if decoder.Decode(&value) == nil {
		c.value("", value)
	}
}

// value adds a JSON value and everything in it.
func (c *collector) value(name string, value any) {
	switch v := value.(type) {
	case string:
		c.field(name, v)
	case json.Number:
		c.field(name, v.String())
	case []any:
		for _, one := range v {
			c.value(name, one)
		}
	case map[string]any:
		for name, one := range v {
			c.value(name, one)
		}
	}
}

func (c *collector) field(name, text string) {
	c.names = append(c.names, name)
	if secretFields.MatchString(name) {
		c.secrets = append(c.secrets, text)
	} else {
		c.others = append(c.others, text)
	}
}

// sent leaves out values that are also names of fields, such as the password
// "password".
func (c *collector) sent() *mask.Sent { return mask.NewSent(c.but(c.secrets), c.but(c.others)) }

func (c *collector) but(texts []string) (rest []string) {
	for _, text := range texts {
		if !containsFold(c.names, text) {
			rest = append(rest, text)
		}
	}
	return rest
}

func containsFold(names []string, text string) bool {
	for _, name := range names {
		if strings.EqualFold(name, text) {
			return true
		}
	}
	return false
}
