package testkit_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/internal/testkit"
)

const source = `package shop

import "context"

// Create makes one.
//
// See https://shop.test/create.
//
//souk:operation POST /v1/things
func (s *ThingsService) Create(ctx context.Context) error { return nil }

// See https://shop.test/things, "Get", and https://shop.test/list.
//
//souk:operation GET /v1/things
//souk:operation GET /v1/things/{id}
func (s ThingsService) Get(ctx context.Context, id string) error { return nil }

func (s *ThingsService) All(ctx context.Context) {}

func (s *ThingsService) Ensure(ctx context.Context) {}

//souk:composite
func (s *ThingsService) Rename(ctx context.Context) {}

func (s *ThingsService) URL() string { return "" }

func (s *ThingsService) hidden(ctx context.Context) {}

func (s *thingsService) Hidden(ctx context.Context) {}

func (c *Client) Do(ctx context.Context) {}

func New(ctx context.Context) {}
`

func TestOperationsComparesBothWays(t *testing.T) {
	t.Parallel()
	const listed = "POST /things\nGET /things\nGET /things/{id}\n"
	tests := map[string]struct {
		source, listed string
		want           string
		log            string
	}{
		"equal":   {source, listed, "", "shop: 3 of 3 operations"},
		"missing": {source, listed + "DELETE /things/{id}\n", "DELETE /things/{id} is in operations.txt, but no method has it", "shop: 3 of 4 operations"},
		"unknown": {source, "POST /things\nGET /things\n", "GET /things/{id} is above a method, but not in operations.txt", "shop: 2 of 2 operations"},
		"bare": {
			source + "func (s *ThingsService) List(ctx context.Context) {}\n", listed,
			"ThingsService.List has neither //souk:operation nor //souk:composite", "shop: 3 of 3 operations",
		},
		"without a page": {
			strings.ReplaceAll(source, "// See https://shop.test/create.\n//\n", ""), listed,
			"the comment of ThingsService.Create links no page of the vendor's: See https://…", "shop: 3 of 3 operations",
		},
		"with a page of nothing": {
			strings.ReplaceAll(source, "https://shop.test/create.", "https://shop.test"), listed,
			"the comment of ThingsService.Create links no page of the vendor's: See https://…", "shop: 3 of 3 operations",
		},
		"broken": {
			source + "// See https://shop.test/post.\n//\n//souk:operation POST things\nfunc (s *ThingsService) Post(ctx context.Context) {}\n", listed,
			"//souk:operation POST things is not of the form //souk:operation METHOD /route", "shop: 3 of 3 operations",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			write(t, dir, "things.go", test.source)
			write(t, dir, "things_test.go", "package shop\n//souk:operation PUT /x\nfunc (s *ThingsService) Put() {}\n")
			write(t, dir, "operations.txt", test.listed)
			fake := new(fakeT)

			testkit.Operations(fake, dir, "/v1")

			assert.Equal(t, test.want, fake.text(false))
			assert.Equal(t, []string{test.log}, fake.logs)
		})
	}
}

func TestOperationsNeedsSourceAndList(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	assert.Contains(t, fatally(func() { testkit.Operations(new(fakeT), dir, "") }), "operations.txt")
	write(t, dir, "operations.txt", "")
	write(t, dir, "broken.go", "package")
	assert.Contains(t, fatally(func() { testkit.Operations(new(fakeT), dir, "") }), "broken.go")
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
}

func TestOperationNamesAreThoseOfTheMethods(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "shop.go"), []byte(source), 0o600))
	assert.Equal(t, []string{"Things.Create", "Things.Get"}, testkit.OperationNames(t, dir))
}
