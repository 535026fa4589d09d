package xcladetest_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
)

// What rows were called is forgotten, they come in order of id, and deleted ones do not.
func TestSearchFindsWhatRowsAreNow(t *testing.T) {
	t.Parallel()
	server := start(t)
	create := func(email string) string {
		return admin(t, server, http.MethodPost, "/admin/customers", `{"email":"`+email+`"}`).id(t, "customer")
	}
	search := func(q string) (ids []string) {
		found, _ := admin(t, server, http.MethodGet, "/admin/customers?q="+url.QueryEscape(q), "").json(t, "customers").([]any)
		for _, row := range found {
			ids = append(ids, row.(map[string]any)["id"].(string)) //nolint:forcetypeassert // they have one
		}
		return ids
	}
	first, second, third := create("ada@example.test"), create("grace@example.test"), create("mei@example.test")

	admin(t, server, http.MethodPost, "/admin/customers/"+first, `{"email":"Augusta@example.test","last_name":"King"}`)
	admin(t, server, http.MethodDelete, "/admin/customers/"+third, "")

	assert.Empty(t, search("ada@"))
	assert.Equal(t, []string{first}, search("AUGUSTA"))
	assert.Equal(t, []string{first}, search("king augusta"))
	assert.Empty(t, search("king grace"))
	assert.Equal(t, []string{first, second}, search("example.test"))
	assert.Equal(t, []string{first, second}, search("example%test"))
	assert.Equal(t, []string{first}, search("k_ng augusta"))
	assert.Empty(t, search("testgrace"), "no word goes over two rows")
	assert.Empty(t, search("kingaugusta"), "or two columns")
}
