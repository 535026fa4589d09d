package xcladetest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/xclade/xcladetest"
)

// reply is what a request got.
type reply struct {
	status int
	header http.Header
	body   string
}

// json is the value at a path of member names.
func (r reply) json(t *testing.T, path ...string) any {
	t.Helper()
	var value any
	require.NoError(t, json.Unmarshal([]byte(r.body), &value), r.body)
	for _, name := range path {
		members, ok := value.(map[string]any)
		require.True(t, ok, "%s of %s", name, r.body)
		value = members[name]
	}
	return value
}

func (r reply) id(t *testing.T, object string) string {
	t.Helper()
	require.Equal(t, http.StatusOK, r.status, r.body)
	id, ok := r.json(t, object, "id").(string)
	require.True(t, ok, r.body)
	return id
}

func start(t *testing.T) *xcladetest.Server {
	t.Helper()
	server := xcladetest.NewServer()
	t.Cleanup(server.Close)
	return server
}

// admin sends a request with a token of the admin.
func admin(t *testing.T, server *xcladetest.Server, method, path, body string) reply {
	t.Helper()
	r, err := try(t, server, method, path, body, http.Header{"Authorization": {"Bearer " + server.NewToken()}})
	require.NoError(t, err)
	return r
}

// try sends a request on a connection of its own.
func try(t *testing.T, server *xcladetest.Server, method, path, body string, header http.Header) (reply, error) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, server.URL()+path, strings.NewReader(body))
	require.NoError(t, err)
	if header != nil {
		request.Header = header.Clone()
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	transport := &http.Transport{DisableKeepAlives: true}
	response, err := transport.RoundTrip(request)
	if err != nil {
		return reply{}, err
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	return reply{response.StatusCode, response.Header, string(content)}, err
}

func count(t *testing.T, server *xcladetest.Server) int {
	t.Helper()
	total, ok := admin(t, server, http.MethodGet, "/admin/customers?limit=0", "").json(t, "count").(float64)
	require.True(t, ok)
	return int(total)
}

func TestConfigIsOneThatTheServerAccepts(t *testing.T) {
	t.Parallel()
	server := start(t)

	config := server.Config()

	assert.Equal(t, server.BaseURL(), config.BaseURL)
	body, err := json.Marshal(map[string]string{"email": config.Email, "password": config.Password})
	require.NoError(t, err)
	login, err := try(t, server, http.MethodPost, "/auth/user/emailpass", string(body), nil)
	require.NoError(t, err)
	assert.Equal(t, http.StatusOK, login.status)
}
