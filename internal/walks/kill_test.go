package walks

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
)

// exportVariable makes the test binary a program that exports a list.
const exportVariable = "SOUK_WALKS_EXPORT"

func TestMain(m *testing.M) {
	if text := os.Getenv(exportVariable); text != "" {
		if err := export(text); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// order says what to export, and where to.
type order struct {
	List string
	At   place
	Dir  string
	Dies bool // it is killed
}

// export writes the ids of a list to a file, from the position in another file on. It
// works as a user's program would: a row is written before the position behind it is
// saved, and that is saved whole, now and then.
func export(text string) error {
	var o order
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		return err
	}
	i := slices.IndexFunc(lists, func(l list) bool { return l.String() == o.List })
	position, err := os.ReadFile(filepath.Join(o.Dir, "position"))
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	out, err := os.OpenFile(filepath.Join(o.Dir, "rows"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer out.Close()
	w, err := lists[i].walk(o.At, souk.Options{}, request{limit: 10}, string(position))
	if err != nil {
		return err
	}
	fmt.Println("begins")
	n := 0
	for id, err := range w.rows(context.Background()) {
		if err != nil {
			return err
		}
		if _, err := out.WriteString(id + "\n"); err != nil {
			return err
		}
		if n++; n%3 == 0 {
			if err := save(o.Dir, w.position()); err != nil {
				return err
			}
		}
		time.Sleep(time.Millisecond) // so that it is seldom killed at its end
	}
	if o.Dies {
		time.Sleep(time.Hour)
	}
	return save(o.Dir, w.position())
}

func save(dir, position string) error {
	name := filepath.Join(dir, "position")
	if err := os.WriteFile(name+".new", []byte(position), 0o600); err != nil {
		return err
	}
	return os.Rename(name+".new", name)
}

// kills is how often each export is killed.
func kills() int {
	if testing.Short() || underRace {
		return 3
	}
	return 20
}

// killed are lists of every kind of paging: by days, numbers, cursors, offsets and ids.
var killed = []string{
	"salla Customers.Walk", "salla CustomerGroups.Walk", "commercengine Addresses.Walk", "shopline Customers.Walk",
	"shoplazza 2022-01 Addresses.Walk", "shoplazza 2025-06 Addresses.Walk", "xclade Customers.Walk", "xclade CustomerGroups.Walk",
}

// An export is killed at a random moment, again and again, and goes on from the
// position in its file, while rows come and go between its lives. Each row that is there
// all the time is in its file in the end.
func TestAnExportThatIsKilledMissesNoRow(t *testing.T) {
	t.Parallel()
	for _, l := range lists {
		if !slices.Contains(killed, l.String()) {
			continue
		}
		t.Run(l.String(), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(uint64(len(l.String())), uint64(time.Now().UnixNano())))
			s := l.start(t)
			passing := s.fill(t, 30)
			staying := s.fill(t, 100+25*kills())
			passing = append(passing, s.fill(t, 30)...)
			o := order{List: l.String(), At: s.place, Dir: t.TempDir()}
			o.At.URL = s.URL()
			for range kills() {
				o.dies(t, random)
				for range 2 {
					passing = append(passing, s.fill(t, 1)...)
					i := random.IntN(len(passing))
					require.NoError(t, s.remove(t.Context(), passing[i]))
					passing = slices.Delete(passing, i, i+1)
				}
			}
			o.ends(t)
			rows := readLines(t, filepath.Join(o.Dir, "rows"))
			seen := map[string]int{}
			for _, id := range rows {
				seen[id]++
			}
			for _, id := range staying {
				assert.Positive(t, seen[id], "%s is missing", id)
			}
			t.Logf("%d rows, of which %d came again", len(seen), len(rows)-len(seen))
		})
	}
}

// dies runs an export and kills it at a random moment.
func (o order) dies(t *testing.T, random *rand.Rand) {
	t.Helper()
	o.Dies = true
	cmd, failure := o.command(t)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	_, err = out.Read(make([]byte, 1))
	require.NoError(t, err)
	time.Sleep(time.Duration(random.Int64N(int64(25 * time.Millisecond))))
	require.NoError(t, cmd.Process.Kill())
	require.Error(t, cmd.Wait())
	require.Empty(t, failure.String())
}

// ends runs an export to its end.
func (o order) ends(t *testing.T) {
	t.Helper()
	cmd, failure := o.command(t)
	err := cmd.Run()
	require.NoError(t, err, failure.String())
}

func (o order) command(t *testing.T) (cmd *exec.Cmd, failure *strings.Builder) {
	t.Helper()
	text, err := json.Marshal(o)
	require.NoError(t, err)
	failure = new(strings.Builder)
	cmd = exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), exportVariable+"="+string(text))
	cmd.Stderr = failure
	return cmd, failure
}

func readLines(t *testing.T, name string) (lines []string) {
	t.Helper()
	file, err := os.Open(name)
	require.NoError(t, err)
	defer file.Close()
	for scanner := bufio.NewScanner(file); scanner.Scan(); {
		lines = append(lines, scanner.Text())
	}
	return lines
}
