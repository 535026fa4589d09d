package guess

import (
	"bytes"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path"
	"strings"
	"sync"
	"testing"
)

const module = "github.com/souk-go/souk"

// vendors are the packages that are compared.
var vendors = []string{"salla", "commercengine", "shopline", "shoplazza", "xclade"}

// packages imports compiled packages. It is not safe for concurrent use.
type packages struct {
	types.Importer
	fset *token.FileSet
}

// compiled has the go command compile the vendors' packages, and what programs use
// beside them.
var compiled = sync.OnceValues(func() (*packages, error) {
	arguments := []string{"list", "-export", "-deps", "-f", "{{if .Export}}{{.ImportPath}}={{.Export}}{{end}}", "net/http", "log/slog", "crypto/rand", "log"}
	for _, vendor := range vendors {
		arguments = append(arguments, module+"/"+vendor)
	}
	var said bytes.Buffer
	command := exec.Command("go", arguments...)
	command.Stderr = &said
	out, err := command.Output()
	if err != nil {
		return nil, &failure{err, said.String()}
	}
	files := map[string]string{}
	for line := range strings.Lines(string(out)) {
		name, file, _ := strings.Cut(strings.TrimSpace(line), "=")
		files[name] = file
	}
	fset := token.NewFileSet()
	open := func(name string) (io.ReadCloser, error) { return os.Open(files[name]) }
	return &packages{importer.ForCompiler(fset, "gc", open), fset}, nil
})

type failure struct {
	error
	said string
}

func (f *failure) Error() string { return f.error.Error() + "\n" + f.said }

// load returns the packages, and their importer to one test at a time.
func load(t *testing.T) *packages {
	t.Helper()
	p, err := compiled()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// of returns the package of a vendor.
func (p *packages) of(t *testing.T, vendor string) *types.Package {
	t.Helper()
	pkg, err := p.Import(path.Join(module, vendor))
	if err != nil {
		t.Fatal(err)
	}
	return pkg
}
