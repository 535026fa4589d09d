package souk_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A test that was renamed holds no promise any more, and "go test -run" of a name that
// no test has passes.
func TestEachPromiseOfSecurityNamesTestsThatAreThere(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("SECURITY.md")
	require.NoError(t, err)
	commands := regexp.MustCompile("`go test ([^']*) -run '([^']*)'`").FindAllStringSubmatch(string(text), -1)
	require.NotEmpty(t, commands)
	assert.Len(t, commands, strings.Count(string(text), "go test"), "commands of another form")
	for _, command := range commands {
		for directory := range strings.FieldsSeq(command[1]) {
			tests := testsIn(t, directory)
			for name := range strings.SplitSeq(command[2], "|") {
				assert.Regexp(t, `(?m)^func (Test|Fuzz)\w*`+name, tests, "%s has no test %s", directory, name)
			}
		}
	}
}

func testsIn(t *testing.T, directory string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(directory, "*_test.go"))
	require.NoError(t, err)
	var all strings.Builder
	for _, file := range files {
		source, err := os.ReadFile(file)
		require.NoError(t, err)
		all.Write(source)
	}
	return all.String()
}
