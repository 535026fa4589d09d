package transport

import (
	"strings"

	"github.com/souk-go/souk"
)

// minSecret is the shortest text that is looked for: shorter ones occur in any
// answer.
const minSecret = 4

// maskSecrets replaces secrets wherever a server has repeated them.
func maskSecrets(e *souk.Error, secrets []string) {
	var pairs []string
	for _, secret := range secrets {
		if len(secret) >= minSecret {
			pairs = append(pairs, secret, "[masked]")
		}
	}
	if len(pairs) == 0 {
		return
	}
	masked := strings.NewReplacer(pairs...).Replace
	e.Message, e.Code, e.RequestID = masked(e.Message), masked(e.Code), masked(e.RequestID)
	fields := make(map[string][]string, len(e.Fields))
	for name, texts := range e.Fields {
		for _, text := range texts {
			fields[masked(name)] = append(fields[masked(name)], masked(text))
		}
	}
	if e.Fields != nil {
		e.Fields = fields
	}
	if body := string(e.Body); body != "" {
		e.Body = []byte(masked(body))
	}
}
