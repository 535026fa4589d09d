package matrix

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/souk-go/souk"
)

// trial is one call that meets an answer.
type trial struct {
	v      *vendor
	op     operation
	part   part   // of a joint operation that meets the answer
	row    string // of the table, "" for none
	answer *answer
	times  times // that the answer comes
	skip   int   // requests that are answered before it comes
	script script
	// taken says that somebody is there already whom a creation would make twice.
	taken bool
	// odd says that a row may come that cannot be read.
	odd bool
	// token is what the store is reached with.
	token string
}

// times is how often an answer comes.
type times int

const (
	always times = iota
	onceOnly
)

var bothTimes = []times{onceOnly, always}

// pick gives the answer to the requests from one on, or to that one only.
func (often times) pick(a *answer, skip int) func(n int) *answer {
	return func(n int) *answer {
		if n == skip || n > skip && often == always {
			return a
		}
		return nil
	}
}

// result is what became of it.
type result struct {
	outcome
	err       error
	creations int // that were sent
	pages     int // that a walk asks for which nobody disturbs
	created   bool
	change    souk.Change
	who       person   // who was returned
	rows      []person // that were returned
}

// key is whom the calls are about.
const key = "somebody@example.com"

// place is where trials are carried out.
type place struct {
	store  *store
	link   *link
	client shop // over the link
	direct shop
	before scene
	pages  int // that a walk asks for which nobody disturbs
	after  []person
}

// waits reports whether the answer makes the clients of the store wait, also those of
// later trials.
func (x *trial) waits() bool {
	return x.answer.proof == limit || x.answer.header.Get("Retry-After") != ""
}

// asBefore reports whether a trial has left nothing behind.
func (x *trial) asBefore(at *place) bool {
	return !x.waits() && slices.Equal(at.after, at.before.all)
}

// furnish puts people into the store of a place.
func (x *trial) furnish(t testing.TB, at *place) {
	t.Helper()
	x.token, at.before = at.store.token, x.populate(t, at.direct)
	if x.op != walks || x.answer.proof == unsent || x.answer.proof == hopeless || x.answer.wire == isStalled {
		return
	}
	at.link.begin(script{})
	if _, err := at.client.all(t.Context(), pageSize); err != nil {
		t.Fatal(x, err)
	}
	at.pages, _ = at.link.counts()
}

// scene is what stood in a store before a call.
type scene struct {
	whom  person // it is about, if anybody
	all   []person
	first []person // page
}

// run carries the trial out and checks what the caller was told against what stands in
// the store afterwards.
func (x *trial) run(t testing.TB, at *place) result {
	t.Helper()
	at.link.begin(x.script)
	r := x.call(t.Context(), at.client, at.before, key, newName)
	r.sent, r.creations = at.link.counts()
	if x.op == walks && !r.ok { // what was read ahead of the page that failed does not count
		r.sent = x.skip + at.link.alike(x.skip)
	}
	r.pages = at.pages
	at.after = at.before.all
	if !x.op.reads() {
		at.after = stand(t, at.direct)
	}
	if problem := x.judge(r, at.before, at.after); problem != "" {
		t.Errorf("%s: %s\n\ttold %v, %v, %v", x, problem, r.who, r.rows, r.err)
	}
	return r
}

func (x *trial) String() string {
	return fmt.Sprintf("%s %s, %s, done %v", x.v.name, x.op, x.answer, x.script.done)
}

func (x *trial) populate(t testing.TB, direct shop) (s scene) {
	t.Helper()
	var err error
	add := func(key string) person {
		p, failed := direct.create(t.Context(), key)
		if failed != nil {
			t.Fatal(x, failed)
		}
		return p
	}
	switch x.op {
	case lists, walks:
		for i := range people {
			add(fmt.Sprintf("person%d@example.com", i))
		}
		s.first, err = direct.list(t.Context())
		if err != nil {
			t.Fatal(x, err)
		}
	case updates, deletes, gets, finds, phones:
		s.whom = add(key)
	default:
		if x.taken {
			s.whom = add(key)
		}
	}
	s.all = stand(t, direct)
	return s
}

// stand returns who stands in a store.
func stand(t testing.TB, direct shop) []person {
	t.Helper()
	all, err := direct.all(t.Context(), pageSize)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func (x *trial) call(ctx context.Context, client shop, s scene, key, name string) (r result) {
	defer func() {
		if p := recover(); p != nil {
			r.err = panicked{p}
		}
	}()
	switch x.op {
	case creates:
		r.who, r.err = client.create(ctx, key)
	case updates:
		r.who, r.err = client.update(ctx, s.whom, name)
	case deletes:
		r.err = client.delete(ctx, s.whom)
	case gets:
		r.who, r.err = client.get(ctx, s.whom)
	case lists:
		r.rows, r.err = client.list(ctx)
	case walks:
		r.rows, r.err = client.all(ctx, pageSize)
	case finds:
		r.who, r.err = client.byEmail(ctx, key)
	case phones:
		r.who, r.err = client.byPhone(ctx, "+966"+phoneOf(key))
	case ensures:
		r.who, r.created, r.err = client.ensure(ctx, key)
	case upserts:
		r.who, r.change, r.err = client.upsert(ctx, key, name)
		r.created = r.change == souk.Created
	}
	r.ok, r.told = r.err == nil, classesOf(r.err)
	return r
}

type panicked struct{ value any }

func (p panicked) Error() string { return fmt.Sprint("panic: ", p.value) }

// judge compares what the caller was told with what stands in the store.
func (x *trial) judge(r result, before scene, now []person) string {
	if _, ok := errors.AsType[panicked](r.err); ok {
		return "a panic"
	}
	if problem := x.judgeError(r); problem != "" {
		return problem
	}
	there := slices.DeleteFunc(slices.Clone(now), func(p person) bool { return p.key != key })
	known := r.told&outcomeUnknown == 0
	switch x.op {
	case creates, ensures:
		return x.judgeCreation(r, there, known)
	case upserts:
		if !x.taken {
			return x.judgeCreation(r, there, known)
		}
		if r.ok != (r.change == souk.Updated) {
			return "an update that was told of and not made"
		}
		fallthrough
	case updates:
		switch {
		case len(there) != 1:
			return "an update that adds or removes"
		case r.ok && (r.who != there[0] || r.who.name != newName):
			return "an update that was confirmed and not made"
		case !r.ok && known && there[0] != before.whom:
			return "an update that was made and not told of"
		}
	case deletes:
		switch {
		case r.ok && len(there) > 0:
			return `"deleted" that is there`
		case !r.ok && known && len(there) == 0:
			return "a delete that was made and not told of"
		}
	case gets, finds, phones:
		if r.ok && r.who != before.whom {
			return "another one"
		}
	case lists:
		if r.ok && !slices.Equal(r.rows, before.first) {
			return "a short or wrong page without an error"
		}
	case walks:
		switch {
		case r.ok && !slices.Equal(r.rows, before.all):
			return "a short or wrong list without an error"
		case !r.ok && (len(r.rows) > len(before.all) || !slices.Equal(r.rows, before.all[:len(r.rows)])):
			return "other rows before the error than there are"
		}
	}
	return ""
}

func (x *trial) judgeCreation(r result, there []person, known bool) string {
	switch {
	case len(there) > 1:
		return "twins"
	case r.ok && (len(there) != 1 || there[0] != r.who):
		return "a creation that was confirmed and not made"
	case !r.ok && known && len(there) > 0 && !x.taken:
		return "a creation that was made and not told of"
	case r.created && x.taken:
		return "somebody who was there counts as created"
	}
	return ""
}

// judgeError checks the error itself.
func (x *trial) judgeError(r result) string {
	if r.err == nil {
		return ""
	}
	e, ok := errors.AsType[*souk.Error](r.err)
	if row, odd := errors.AsType[*souk.RowError](r.err); odd && x.odd {
		return isRowError(row)
	}
	text := r.err.Error()
	switch {
	case len(text) > 4<<10:
		return "an error of more than 4 KiB"
	case x.token != "" && strings.Contains(text, x.token):
		return "an error with the token"
	case strings.Contains(text, "@example.com"), strings.Contains(text, oldName), strings.Contains(text, newName):
		return "an error with personal data"
	case !ok:
		return fmt.Sprintf("an error that is a %T", r.err)
	case r.told.has(rateLimited) && (e.Attempts > 0 && !strings.Contains(text, "429") || r.told.has(unreadable)):
		return "a 429 that is not called one"
	case r.who != person{}:
		return "a result and an error"
	case x.op != walks && r.rows != nil:
		return "rows and an error"
	case r.told == 0:
		return "an error without a class"
	case strings.Contains(text, "\n"), strings.Contains(text, "200 ok"), strings.Contains(text, "unmarshal"):
		return "an error that nobody understands"
	case r.told.has(unreadable) && !strings.Contains(text, "check BaseURL and proxies") && !strings.Contains(text, "the API or a proxy before it failed"):
		return "an error that does not say what to do"
	case repeats(text):
		return "an error that says something twice"
	case slices.Contains([]int{408, 429, 503}, e.StatusCode) && strings.Contains(text, "BaseURL"):
		return "an error that blames the configuration"
	case (e.Attempts == 0) != r.told.has(rateLimited) && e.StatusCode == 0 && e.Attempts == 0:
		return "an error of what was never sent"
	}
	return ""
}

// repeats reports a text with a part that comes twice, in letters of any case. What
// stands between commas is a part of a sentence. Two fields, which stand behind
// semicolons, can be wrong in the same way.
func repeats(text string) bool {
	sentence, fields, _ := strings.Cut(strings.ToLower(text), ";")
	seen := make(map[string]bool)
	for _, part := range partsOf(sentence) {
		if seen[part] {
			return true
		}
		seen[part] = true
	}
	return slices.ContainsFunc(partsOf(fields), func(part string) bool { return seen[part] })
}

// partsOf returns the parts of a text, as words.
func partsOf(text string) (parts []string) {
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(":;()", r) }) {
		part = strings.Join(strings.FieldsFunc(part, func(r rune) bool { return !unicode.IsLetter(r) }), " ")
		if part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// isRowError checks the error of a row that cannot be read.
func isRowError(row *souk.RowError) string {
	if !errors.Is(row, souk.ErrUnreadable) || len(row.Error()) > 1<<10 {
		return "an error that nobody understands"
	}
	return ""
}
