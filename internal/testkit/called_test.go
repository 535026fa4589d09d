package testkit_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
)

func TestCalledWantsEachOperation(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, "operations.txt", "POST /things\nGET /things\nDELETE /things/{id}\nPUT /things/{id}\n")
	var called testkit.Called
	end := called.Observer().CallEnd
	end(t.Context(), souk.Call{Method: "POST", Route: "/things"}, nil)
	end(t.Context(), souk.Call{Method: "POST", Route: "/things"}, nil)
	end(t.Context(), souk.Call{Method: "GET", Route: "/things"}, assert.AnError)
	end(t.Context(), souk.Call{Method: "PUT", Route: "/things/{id}"}, nil)
	fake := new(fakeT)

	called.RequireAll(fake, dir, map[string]string{
		"DELETE /things/{id}": "nothing comes back", "PUT /things/{id}": "it is slow", "PATCH /things": "of another age",
	})

	assert.Equal(t, "GET /things did not succeed once\n"+
		"PUT /things/{id} succeeded, and is an exception: it is slow\n"+
		"PATCH /things is an exception, but not in operations.txt", fake.text(true))
	assert.Equal(t, []string{"the contract suite carries out 1 of 4 operations"}, fake.logs)
}
