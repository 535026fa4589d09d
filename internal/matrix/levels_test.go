package matrix

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
)

// Programs count on some refusals, and are not warned of them: there is none, there is
// one already, and what vendors say with 422. All else is a warning.
func TestLevelsOfRefusals(t *testing.T) {
	t.Parallel()
	expected := map[int]bool{http.StatusNotFound: true, http.StatusConflict: true, http.StatusUnprocessableEntity: true}
	for _, v := range vendors {
		for i, answers := range [][]answer{v.refusals, v.absences, v.troubles} {
			for _, a := range answers {
				level := "WARN"
				if i == 1 || i == 0 && (expected[a.status] || a.told.has(notFound) || a.told.has(alreadyExists)) {
					level = "DEBUG"
				}
				got := levelOf(t, v, a)
				if strings.Contains(a.body, "Cannot ") || strings.Contains(a.body, "page not found") { // no such route
					level = "WARN"
				}
				assert.Equal(t, level, got, "%s: %d %s", v.name, a.status, a.body)
			}
		}
	}
}

// levelOf returns the level of the record of an answer to a list.
func levelOf(t *testing.T, v *vendor, a answer) string {
	t.Helper()
	s := v.start(t)
	t.Cleanup(s.server.Close)
	s.directly(t)
	var log testkit.Log
	always := answering(func() *http.Response {
		header := http.Header{"Content-Type": {"application/json"}}
		return &http.Response{StatusCode: a.status, Header: header, Body: io.NopCloser(strings.NewReader(a.body))}
	})
	client := s.through(t, s.server.BaseURL(), souk.Options{HTTPClient: &http.Client{Transport: always}, Logger: log.Logger(), MaxAttempts: 1})

	_, err := client.list(t.Context())

	require.Error(t, err)
	records := log.Records()
	require.NotEmpty(t, records)
	return records[len(records)-1]["level"].(string)
}

type answering func() *http.Response

func (f answering) RoundTrip(*http.Request) (*http.Response, error) { return f(), nil }
