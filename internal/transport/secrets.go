package transport

import (
	"net/http"
	"slices"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/mask"
)

// Keeper is an [Authorizer], or a source of tokens, that returns credentials that a
// server may know from earlier calls.
type Keeper interface {
	// Secrets returns the credentials.
	Secrets() []string
}

// SecretsOf returns the secrets of a Keeper, nil for anything else.
func SecretsOf(v any) []string {
	if k, ok := v.(Keeper); ok {
		return k.Secrets()
	}
	return nil
}

// sent returns what the call has sent. If a server repeats it, no text must show it.
func (x *exchange) sent() *mask.Sent {
	if x.hidden == nil {
		x.hidden = x.collect()
	}
	return x.hidden
}

func (x *exchange) collect() *mask.Sent {
	var c collector
	for _, secret := range slices.Concat(x.call.Secrets, x.asked.Secrets, SecretsOf(x.authorizer), SecretsOf(x.client.authorizer)) {
		c.credential("", secret)
	}
	for _, header := range x.headers {
		c.header(header, x.authorizer)
	}
	for name, values := range x.asked.Header {
		if name != http.CanonicalHeaderKey(x.client.vendor.RequestID) {
			c.others = append(c.others, values...)
		}
	}
	c.ids(x.call)
	c.query(x.target.RawQuery)
	c.body(x.call.Body, x.encoded)
	return c.sent()
}

// hide removes what the call has sent from e: credentials from all fields, everything
// else from the texts that e shows.
func (x *exchange) hide(e *souk.Error) {
	sent := x.sent()
	e.Message, e.Code = tidied(sent, e.Message), tidied(sent, e.Code)
	e.Fields = tidiedFields(sent, e.Fields)
	e.Body = maskedBody(sent, e.Body)
	e.Err = mask.Hiding(e.Err, sent)
}

// shownID returns the request id of an answer in a form that can be shown.
func (x *exchange) shownID(header http.Header) string {
	id := x.client.requestID(header)
	if id == "" {
		return ""
	}
	return mask.Cut(mask.Line(x.sent().All(id)), mask.MaxID)
}

// tidied masks before it cuts, since otherwise a part of a secret could stay.
func tidied(sent *mask.Sent, text string) string {
	return mask.Cut(sent.Secrets(text), mask.MaxText)
}

func tidiedFields(sent *mask.Sent, fields map[string][]string) map[string][]string {
	if fields == nil {
		return nil
	}
	tidy := make(map[string][]string, len(fields))
	for name, texts := range fields {
		name = tidied(sent, name)
		all := tidy[name] // of another name that is masked
		for _, text := range texts {
			all = append(all, tidied(sent, text))
		}
		tidy[name] = all
	}
	return tidy
}

func maskedBody(sent *mask.Sent, body []byte) []byte {
	if len(body) == 0 {
		return body
	}
	shown := sent.Secrets(string(body))
	if len(body) == maxErrorBody {
		shown = sent.Beginning(shown)
	}
	return []byte(shown)
}
