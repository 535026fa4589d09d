package matrix

import (
	"bytes"
	"fmt"
	"iter"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
)

// TestAnswers runs the matrix and compares what it has measured with docs/faults.md.
func TestAnswers(t *testing.T) {
	t.Parallel()
	t.Run("measured", func(t *testing.T) {
		t.Run("in memory", everyAnswer)
		t.Run("Ensure", ensureWithEveryAnswer)
		t.Run("over TCP", overTCP)
		t.Run("odd input", oddInput)
	})
	t.Run("unmeasured", func(t *testing.T) {
		t.Run("a later answer", laterAnswers)
		t.Run("redirects", redirects)
		t.Run("eight callers", eightCallers)
	})
	t.Run("as documented", documented)
}

const document = "../../docs/faults.md"

func documented(t *testing.T) {
	if t.Failed() {
		return
	}
	measured := recorded.document()
	if *update {
		if err := os.WriteFile(document, measured, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	written, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(measured, written) {
		t.Errorf("docs/faults.md is not what was measured; see go test ./internal/matrix -update\n%s", added(written, measured))
	}
	page, err := os.ReadFile("../../docs/errors.md")
	if err != nil {
		t.Fatal(err)
	}
	if summary := recorded.summary(); !bytes.Contains(page, []byte(summary)) {
		t.Errorf("docs/errors.md does not have the table that was measured:\n%s", summary)
	}
}

// added returns the lines that now does not share with before.
func added(before, now []byte) (text string) {
	known := strings.Split(string(before), "\n")
	for line := range strings.SplitSeq(string(now), "\n") {
		if !slices.Contains(known, line) {
			text += line + "\n"
		}
	}
	return text
}

// recorded is what the trials have come to.
var recorded = record{cells: map[cell]map[string]bool{}, odd: map[[2]string]map[string]bool{}}

type record struct {
	mu    sync.Mutex
	cells map[cell]map[string]bool
	odd   map[[2]string]map[string]bool
}

// cell is a place in one of the two tables.
type cell struct {
	times  times
	row    string
	column string
}

const (
	ofReads     = "Get, List, All"
	ofChanges   = "Update, Delete"
	ofCreations = "Create and all else"
	ofEnsure    = "Ensure"
)

var columns = []string{ofReads, ofChanges, ofCreations, ofEnsure}

func (op operation) column() string {
	switch {
	case op.isJoint():
		return ofEnsure
	case op.kind() == write:
		return ofCreations
	case op.kind() == change:
		return ofChanges
	}
	return ofReads
}

// note records what became of a trial. That Ensure gives up where there may be twins is
// said at the vendor's.
func (r *record) note(x *trial, got result) {
	if x.row == "" || x.v.twins || x.op == upserts || x.op == ensures && (!x.part.creations || x.part.lookups != (x.times == always) && !x.answer.wire.overTCP()) {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	at := cell{x.times, x.row, x.op.column()}
	if r.cells[at] == nil {
		r.cells[at] = map[string]bool{}
	}
	r.cells[at][x.inWords(got)] = true
}

// inWords says what the caller gets, and how often the call was sent.
func (x *trial) inWords(got result) string {
	what := "the result"
	switch {
	case x.op == ensures && got.created:
		what = "created"
	case x.op == ensures && got.ok:
		what = "found"
	case !got.ok && (x.answer.proof == refusal || x.answer.proof == absence):
		what = "the class of the refusal"
	case !got.ok:
		what = "`" + strings.ReplaceAll(got.told.String(), ", ", "`, `") + "`"
	}
	sent := got.sent - x.skip
	switch {
	case x.op == ensures:
		sent = got.creations
	case x.op == walks && got.ok && got.pages > 0:
		sent = got.sent - got.pages + 1
	case x.op == walks && got.ok:
		sent = 2 // nobody has counted its pages
	}
	if x.answer.proof == limit && x.times == always {
		return what + ", sent until `MaxRetryWait` is used up"
	}
	return fmt.Sprintf("%s, sent %s", what, number(sent))
}

func number(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return fmt.Sprintf("%d times", n)
}

// summary returns the table of docs/errors.md: what is done about an answer that comes
// every time.
func (r *record) summary() string {
	var out strings.Builder
	out.WriteString("| what comes | reads | updates and deletes | creations and all others |\n| --- | --- | --- | --- |\n")
	for _, line := range summaryOf {
		fmt.Fprintf(&out, "| %s |", line.what)
		for _, column := range columns[:3] {
			told, sent, _ := strings.Cut(among(r.cells[cell{always, line.row, column}]), ", sent ")
			if line.row == of4xx {
				told = strings.Replace(told, "`ErrInvalid`", "the class of its status", 1)
			}
			if sent == number(1) {
				fmt.Fprintf(&out, " %s |", told)
			} else {
				fmt.Fprintf(&out, " again, then %s |", told)
			}
		}
		out.WriteString("\n")
	}
	return out.String()
}

// document returns the text of docs/faults.md.
func (r *record) document() []byte {
	var out bytes.Buffer
	out.WriteString(introduction)
	for _, often := range bothTimes {
		out.WriteString(headings[often])
		fmt.Fprintf(&out, "| what comes | %s |\n|%s\n", strings.Join(columns, " | "), strings.Repeat(" --- |", len(columns)+1))
		for what, cells := range r.lines(often) {
			fmt.Fprintf(&out, "| %s | %s |\n", what, cells)
		}
	}
	out.WriteString(oddHeading)
	for _, input := range oddInputs {
		fmt.Fprintf(&out, "| %s |", input.what)
		for _, column := range []string{ofReads, ofCreations, message} {
			fmt.Fprintf(&out, " %s |", among(r.odd[[2]string{input.what, column}]))
		}
		out.WriteString("\n")
	}
	out.WriteString(fuzzed)
	return out.Bytes()
}

// lines are those of a table: what comes, and the cells. What follows one another and
// ends the same stands in one line.
func (r *record) lines(often times) iter.Seq2[string, string] {
	return func(yield func(what, cells string) bool) {
		var what []string
		var cells string
		for _, row := range rows {
			var these []string
			for _, column := range columns {
				these = append(these, among(r.cells[cell{often, row.what, column}]))
			}
			if now := strings.Join(these, " | "); now != cells {
				if what != nil && !yield(strings.Join(what, "<br>"), cells) {
					return
				}
				what, cells = nil, now
			}
			what = append(what, row.what)
		}
		yield(strings.Join(what, "<br>"), cells)
	}
}

// among joins what was found at one place.
func among(found map[string]bool) string {
	delete(found, "")
	if len(found) == 0 {
		return ""
	}
	return strings.Join(slices.Sorted(maps.Keys(found)), " *or* ")
}
