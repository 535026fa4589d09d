package matrix

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/souk-go/souk"
)

// odd is what a server may send that is beside itself.
type odd struct {
	what   string
	proof  proof
	status int
	change func(g *given) // of the stand-in's own answer
	large  bool           // and so of one or two vendors only: size is not theirs to look at
}

const (
	mebi     = 1 << 20
	tooLarge = hopeless // in that it is not sent again
	// unsettled is what some kinds of ids can hold, and others cannot.
	unsettled = foreign + 100
)

var oddInputs = []odd{
	{"40 MiB", tooLarge, sameStatus, func(g *given) { g.body = append(g.body, bytes.Repeat([]byte(" "), 40*mebi)...) }, true},
	{"64 MiB that were packed", tooLarge, sameStatus, pack, true},
	{"objects in objects, 100,000 deep", foreign, sameStatus, func(g *given) { g.add(strings.Repeat(`{"a":`, 1e5) + "1" + strings.Repeat("}", 1e5)) }, false},
	{"lists in lists, 100,000 deep, and no end", foreign, sameStatus, func(g *given) { g.body = bytes.Repeat([]byte("["), 1e5) }, false},
	{"a text that is not UTF-8", success, sameStatus, func(g *given) { g.rename("Ad\xff\xfe\xed\xa0\x80a") }, false},
	{"a member twice", success, sameStatus, func(g *given) {
		g.add(`1,"odd":2`)
		g.body = bytes.Replace(g.body, []byte(`"first_name":`), []byte(`"first_name":"Eve","first_name":`), 1)
	}, false},
	{"a number of 400 digits that is not asked for", success, sameStatus, func(g *given) { g.add(strings.Repeat("7", 400) + `,"odder":-1e4000`) }, false},
	{"a number of 400 digits as the id", unsettled, sameStatus, func(g *given) {
		g.body = idMember.ReplaceAll(g.body, []byte(`"id":`+strings.Repeat("7", 400)))
	}, false},
	{"a name of 2 MiB", success, sameStatus, func(g *given) { g.rename(strings.Repeat("a", 2*mebi)) }, false},
	{"a refusal of 900 kB", refusal, sameStatus, nil, false},
	{"a header of 1 MiB", success, sameStatus, func(g *given) { g.header.Set("X-Filler", strings.Repeat("a", mebi)) }, false},
	{"a header of 20 MiB", lost, sameStatus, func(g *given) { g.header.Set("X-Filler", strings.Repeat("a", 20*mebi)) }, true},
	{"status 000", foreign, 0, nil, false},
	{"status 101", foreign, 101, func(g *given) { g.header.Set("Upgrade", "websocket") }, false},
	{"status 999", foreign, 999, nil, false},
}

// add puts a member of an unknown name at the beginning.
func (g *given) add(value string) {
	g.body = append([]byte(`{"odd":`+value+`,`), g.body[1:]...)
}

// rename replaces the first name.
func (g *given) rename(name string) {
	g.body = bytes.Replace(g.body, []byte(oldName), []byte(name), 1)
}

func pack(g *given) {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write(g.body)
	_, _ = w.Write(bytes.Repeat([]byte(" "), 64*mebi))
	_ = w.Close()
	g.body = out.Bytes()
	g.header.Set("Content-Encoding", "gzip")
}

// oddInput gives each vendor what is odd, over TCP. Under the race detector, which is
// slow with large answers and sees nothing in them, it is two of the vendors, and one
// that gets the largest.
func oddInput(t *testing.T) {
	t.Parallel()
	var all, large []func()
	for _, v := range vendors {
		if underRace && v != theSalla && v != theXclade {
			continue
		}
		for _, op := range []operation{gets, lists, creates} {
			for i := range oddInputs {
				give := func() { oddInputs[i].give(t, v, op) }
				switch {
				case !oddInputs[i].large:
					all = append(all, give)
				case v == theXclade || v == theSalla && !underRace:
					large = append(large, give)
				}
			}
		}
	}
	together(all, atOnce(), func(try func()) { try() })
	together(large, 2, func(try func()) { try() }) // each takes some 200 MiB
}

// oddPatience is had with a server whose answers take long to send.
const oddPatience = 5 * time.Minute

func (o *odd) give(t testing.TB, v *vendor, op operation) {
	counted.Add(1)
	a := &answer{status: o.status, own: true, change: o.change, proof: o.proof}
	if o.proof == refusal {
		*a = v.refusals[0]
		a.change = func(*given) {}
		a.body, a.proof = strings.Replace(a.body, `"no"`, `"`+strings.Repeat("no ", 300_000)+`"`, 1), refusal
	}
	x := &trial{v: v, op: op, answer: a, odd: true, script: script{pick: always.pick(a, 0), done: true}}
	at, end := x.overTCP(t, oddPatience)
	defer end()
	ctx, cancel := context.WithTimeout(t.Context(), oddPatience)
	defer cancel()
	at.link.begin(x.script)
	r := x.call(ctx, at.client, at.before, key, newName)
	r.sent, _ = at.link.counts()
	want := expect(op, op.kind(), func() *answer { return a })
	if o.proof == tooLarge && op.kind() == write {
		want.told |= outcomeUnknown
	}
	if o.proof == unsettled && (r.ok || r.told.has(unreadable)) {
		want = r.outcome
	}
	if problem := x.judgeError(r); problem != "" || r.outcome != want {
		t.Errorf("%s, %s %s: %s: want %+v, got %+v: %v", v.name, op, o.what, problem, want, r.outcome, r.err)
	}
	recorded.noteOdd(x, o.what, r)
}

func (r *record) noteOdd(x *trial, what string, got result) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for name, text := range map[string]string{x.op.column(): x.inWords(got), message: messageOf(got.err)} {
		at := [2]string{what, name}
		if r.odd[at] == nil {
			r.odd[at] = map[string]bool{}
		}
		r.odd[at][text] = true
	}
}

// message is the column of what the error says.
const message = "message"

func messageOf(err error) string {
	e, ok := errors.AsType[*souk.Error](err)
	if !ok || !errors.Is(err, souk.ErrUnavailable) && !errors.Is(err, souk.ErrUnreadable) {
		return ""
	}
	return askedFor.ReplaceAllString(varying.ReplaceAllString(e.Message, ""), "the id that")
}

// varying is what differs from vendor to vendor in a message: the media type, and
// where in the answer something is.
var varying = regexp.MustCompile(` \([a-z]+/[^)]*\)|^data\S*: `)

// askedFor is the member that differs from vendor to vendor in a message.
var askedFor = regexp.MustCompile(`the \S+ that`)

// idMember is the id of somebody.
var idMember = regexp.MustCompile(`"id":("[^"]*"|[0-9]+)`)
