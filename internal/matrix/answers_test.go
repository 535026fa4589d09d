package matrix

import (
	"net/http"
	"slices"
	"strconv"
)

// answer is what comes in place of the stand-in's own.
type answer struct {
	wire   wire
	status int
	header http.Header
	body   string // with {method} and {path} of the request
	own    bool   // the body is the stand-in's own
	change func(*given)
	name   string // in a report, "" for status and body
	first  bool   // later pages may be like this

	proof proof
	told  classes // of the answer itself
}

// wire is what becomes of a request on its way, and of an answer on its.
type wire string

const (
	intact     wire = ""
	isLost     wire = "lost"
	isReset    wire = "reset"
	isCut      wire = "cut"
	isStalled  wire = "stalled"
	noPort     wire = "nobody listens"
	noName     wire = "no such host"
	noShake    wire = "the TLS handshake breaks off"
	noTrust    wire = "the certificate is not trusted"
	noTLS      wire = "https is asked of a port that speaks http"
	badVersion wire = "no HTTP"
)

// overTCP reports what cannot be had in memory.
func (w wire) overTCP() bool { return w == noShake || w == noTrust || w == noTLS }

// String names the answer in a report.
func (a *answer) String() string {
	switch {
	case a == nil:
		return "its own"
	case a.wire != intact:
		return string(a.wire)
	case a.name != "":
		return "its own with another " + a.name
	case a.own:
		return strconv.Itoa(a.status) + " with its own body"
	}
	return strconv.Itoa(a.status) + " " + a.header.Get("Retry-After") + " " + a.body
}

// forms are a vendor's own answers, and others that it must not be taken for.
type forms struct {
	refusals []answer
	absences []answer // of the thing that a call is about
	troubles []answer
	// strangers are answers of the other vendors.
	strangers []string
	// incomplete are answers to an operation in the vendor's form, or of another
	// operation, without what it promises.
	incomplete map[operation]string
	// others are the stand-in's own answers about somebody else.
	others map[operation]answer
	// contradictions are the stand-in's own pages that contradict themselves.
	contradictions []answer
	// acknowledges reports a body of everybody's that is a success here.
	acknowledges func(op operation, status int, body string) bool
}

// row is a kind of answer.
type row struct {
	what  string
	proof proof
	of    func(v *vendor, op operation) []answer
}

// The kinds of answers that the table in docs/errors.md names.
const (
	ownRefusal   = "the vendor's own refusal: a 4xx, or a failure with a status of success"
	of429        = "429 of anybody"
	of503        = "408 and 503 of anybody, with Retry-After or without"
	of5xx        = "5xx that is not the vendor's"
	of4xx        = "any other 4xx that is not the vendor's"
	noAnswer     = "an answer that is lost, cut off or late"
	noConnection = "no connection: nobody listens, no such host, no TLS handshake"
)

// rows are all kinds of answers. What is a row's is a success all the same where the
// vendor acknowledges so.
var rows = []row{
	{"the vendor's own success", success, func(*vendor, operation) []answer {
		return owns(200, 201, 202, 203)
	}},
	{ownRefusal, refusal, func(v *vendor, _ operation) []answer {
		return v.refusals
	}},
	{`the vendor's own "not found"`, absence, func(v *vendor, _ operation) []answer {
		return v.absences
	}},
	{of429, limit, func(v *vendor, _ operation) []answer {
		return join(few(v, 429), answers(`rate limited`, 429), answers(echo, 429), after("1", answers(``, 429)), after("0", answers(`{}`, 429)), after("1", answers(page, 429)), owns(429))
	}},
	{"429 with a Retry-After beyond `MaxRetryWait`", longLimit, func(*vendor, operation) []answer {
		return after("7200", answers(``, 429))
	}},
	{"the vendor's own 5xx", trouble, func(v *vendor, _ operation) []answer {
		return join(v.troubles, after("1", v.troubles[:1]))
	}},
	{of503, trouble, func(v *vendor, _ operation) []answer {
		return join(few(v, 503), answers(page, 408), answers(``, 408), after("5", answers(page, 503)), after("0", answers(`{}`, 408)), owns(503))
	}},
	{"503 with a Retry-After beyond `MaxRetryWait`", longTrouble, func(*vendor, operation) []answer {
		return after("7200", answers(page, 503))
	}},
	{"a status of success with a web page, nothing, somebody else, or any other JSON than the operation promises", foreign, func(v *vendor, op operation) []answer {
		list := join(bodies(v, 200), answers(page, 201, 202, 203, 206), answers(`{}`, 201, 202), answers(``, 201, 204, 205))
		if op.isPage() {
			list = append(list, v.contradictions...)
		}
		if other, ok := v.others[op]; ok {
			list = append(list, other)
		}
		return append(list, answers(v.incomplete[op], 200, 201)...)
	}},
	{"404, 409 or 410 that is not the vendor's", foreign, func(v *vendor, _ operation) []answer {
		return join(bodies(v, 404), answers(page, 409, 410), answers(`{}`, 409, 410), owns(404))
	}},
	{of5xx, foreign, func(v *vendor, _ operation) []answer {
		return join(bodies(v, 502), answers(page, 500, 501, 504, 520, 599, 999), answers(`{}`, 500, 504), answers(``, 500), answers(echo, 502), owns(500, 502))
	}},
	{"101, and statuses below it", foreign, func(*vendor, operation) []answer {
		return answers(``, 0, 101)
	}},
	{"a redirect 300 to 303 to elsewhere", foreign, func(v *vendor, _ operation) []answer {
		return join(to(elsewhere, answers(page, 301, 302, 303)), answers(``, 300, 302), few(v, 302))
	}},
	{"304, 305, 307 and 308 that are not the vendor's", turnedAway, func(*vendor, operation) []answer {
		return telling(unavailable, join(to(elsewhere, answers(page, 307, 308)), answers(``, 304, 305)))
	}},
	{"401 that is not the vendor's", turnedAway, func(v *vendor, _ operation) []answer {
		return telling(unauthorized, join(few(v, 401), owns(401)))
	}},
	{"403 that is not the vendor's", turnedAway, func(v *vendor, _ operation) []answer {
		return telling(forbidden, answers(page, 403))
	}},
	{of4xx, turnedAway, func(v *vendor, _ operation) []answer {
		return telling(invalid, join(few(v, 400), answers(page, 405, 407, 413, 414, 421, 422, 431, 451, 499), answers(``, 405, 413, 422), answers(echo, 400), owns(400, 422)))
	}},
	{noAnswer, lost, func(*vendor, operation) []answer {
		return wires(isLost, isReset, isCut, isStalled, badVersion)
	}},
	{noConnection, unsent, func(*vendor, operation) []answer {
		return wires(noPort, noName, noShake)
	}},
	{"no trusted connection: a certificate of others, http where https is expected", hopeless, func(*vendor, operation) []answer {
		return wires(noTrust, noTLS)
	}},
}

const (
	page      = `<html><head><title>Just a moment...</title></head></html>`
	echo      = `<pre>` + echoing + `</pre>`
	elsewhere = "https://login.example.com/"
)

// bodies are answers with a status and what anybody may send.
func bodies(v *vendor, status int) (list []answer) {
	for _, body := range append([]string{page, ``, `null`, `{}`, `[]`, `upstream connect error`, `{"message":"maintenance"}`}, v.strangers...) {
		list = append(list, answer{status: status, body: body})
	}
	return list
}

// few are some of them.
func few(v *vendor, status int) (list []answer) {
	for _, body := range []string{page, ``, `null`, `{}`, v.strangers[0]} {
		list = append(list, answer{status: status, body: body})
	}
	return list
}

// answers are the same body with several statuses.
func answers(body string, statuses ...int) (list []answer) {
	for _, status := range statuses {
		list = append(list, answer{status: status, body: body})
	}
	return list
}

// owns are the stand-in's answers with other statuses.
func owns(statuses ...int) (list []answer) {
	for _, status := range statuses {
		list = append(list, answer{status: status, own: true})
	}
	return list
}

func wires(all ...wire) (list []answer) {
	for _, w := range all {
		list = append(list, answer{wire: w})
	}
	return list
}

func join(lists ...[]answer) (list []answer) {
	for _, l := range lists {
		list = append(list, l...)
	}
	return list
}

func after(wait string, list []answer) []answer { return with("Retry-After", wait, list) }
func to(target string, list []answer) []answer  { return with("Location", target, list) }

func with(name, value string, list []answer) []answer {
	list = join(list)
	for i := range list {
		list[i].header = http.Header{name: {value}}
	}
	return list
}

func telling(told classes, list []answer) []answer {
	for i := range list {
		list[i].told = told
	}
	return list
}

// answers returns the answers of a row that mean what the row says, to an operation
// whose first skip requests were answered already.
func (r row) answers(v *vendor, op operation, skip int) (list []answer) {
	for _, a := range r.of(v, op) {
		a.proof = r.proof
		if skip == 0 && v.takesForSuccess(op, a) || skip > 0 && a.first {
			continue
		}
		list = append(list, a)
	}
	return sample(list)
}

// sample returns all answers, but under the race detector the first, the middle one and
// the last. The detector sees the same goroutines with these as with all; the others are
// for the ordinary run, which CI has, too.
func sample(list []answer) []answer {
	if n := len(list); underRace && n > 3 {
		return []answer{list[0], list[n/2], list[n-1]}
	}
	return list
}

func isSuccess(status int) bool { return status >= 200 && status <= 299 }

// takesForSuccess reports whether the vendor acknowledges an operation, or one of those
// that Ensure consists of, by what is a stranger's answer elsewhere.
func (v *vendor) takesForSuccess(op operation, a answer) bool {
	if v.acknowledges == nil || a.wire != intact {
		return false
	}
	return v.acknowledges(op, a.status, a.body) || slices.Contains(aboutPeople, op) && v.acknowledges(lists, a.status, a.body)
}
