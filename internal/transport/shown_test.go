package transport_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/souk-go/souk/internal/transport"
)

func TestShownURL(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                 "",
		"https://shop.example/prefix":      "https://shop.example/prefix",
		"https://ada:secret@shop.example/": "https://shop.example/",
		"https://token@shop.example":       "https://shop.example",
		"https://shop.example/?token=s#t":  "https://shop.example/",
		"https://ada:se cret@shop.example": "(not a URL)",
	} {
		assert.Equal(t, want, transport.ShownURL(text))
	}
}
