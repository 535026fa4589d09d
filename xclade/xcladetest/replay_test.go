package xcladetest

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/internal/standin"
)

// exchange is a request to a real Medusa 2.21.2 and its answer. Runs of one
// letter are written {x*1000}.
type exchange struct {
	Number int               `json:"number"`
	Name   string            `json:"name"`
	Method string            `json:"method"`
	Path   string            `json:"path"`
	Header map[string]string `json:"header"`
	Body   string            `json:"body"`
	Status int               `json:"status"`
	Type   string            `json:"type"`
	Length int               `json:"length"`
	ETag   string            `json:"etag"`
	Answer string            `json:"answer"`
}

// recorded is the number of exchanges of the recording, of which testdata holds
// those that are replayed.
const recorded = 438

// leftOut says why an exchange of the recording is not replayed.
var leftOut = reasons(map[string][]int{
	"sessions with cookies, which no API client needs":                      {8, 9, 10, 11, 12},
	"management of API keys, which the stand-in has Go methods for":         {21, 29, 31, 323, 345, 348, 349, 350, 351},
	"CORS preflight, which only browsers send":                              {84},
	"PostgreSQL leaves open which of many rows without a group comes first": {239},
	"Store API": {
		322, 324, 325, 326, 327, 328, 329, 330, 331, 332, 333, 334, 336, 341, 342,
		402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413,
	},
	"12 requests at once: see TestOneOfManyEqualCreatesWins":   {386},
	"ten updates at once, some of which the real server loses": {387},
	"other parts of the Admin API":                             {398, 399, 400, 401},
})

// TestReplay sends the recorded requests in their order and wants the recorded
// answers. Ids and times of the recording are paired one to one with those of the
// stand-in as they appear.
func TestReplay(t *testing.T) {
	t.Parallel()
	exchanges := loadExchanges(t, "testdata/exchanges.jsonl")
	p := newPlayer(newStandInStage(t))

	identical := 0
	for _, e := range exchanges {
		if t.Run(fmt.Sprintf("%03d_%s", e.Number, e.Name), func(t *testing.T) { p.play(t, e) }) {
			identical++
		}
	}

	t.Logf("%d of %d recorded exchanges replay identically, %d are left out", identical, recorded, len(leftOut))
	assert.Equal(t, recorded, identical+len(leftOut))
}

// TestReplayOfMore replays exchanges that were recorded, on an empty server of the
// same version, for what the recording leaves open: odd values of each filter,
// paths of fields, what is left of deleted rows.
func TestReplayOfMore(t *testing.T) {
	t.Parallel()
	p := newPlayer(newStandInStage(t))

	for _, e := range loadExchanges(t, "testdata/more.jsonl") {
		t.Run(strconv.Itoa(e.Number), func(t *testing.T) { p.play(t, e) })
	}
}

// TestReplayOfNulls replays what conditions say of null, words that are looked for
// together, and what a deletion leaves of memberships.
func TestReplayOfNulls(t *testing.T) {
	t.Parallel()
	p := newPlayer(newStandInStage(t))

	for _, e := range loadExchanges(t, "testdata/nulls.jsonl") {
		t.Run(strconv.Itoa(e.Number), func(t *testing.T) { p.play(t, e) })
	}
}

func TestEveryRecordedExchangeIsReplayedOrLeftOutForAReason(t *testing.T) {
	t.Parallel()
	seen := map[int]bool{}
	for _, e := range loadExchanges(t, "testdata/exchanges.jsonl") {
		seen[e.Number] = true
		assert.Empty(t, leftOut[e.Number], e.Name)
	}
	const measurement = 428 // no exchange
	for number := range recorded + 1 {
		number++
		if number != measurement {
			assert.True(t, seen[number] || leftOut[number] != "", number)
		}
	}
}

func reasons(numbers map[string][]int) map[int]string {
	out := map[int]string{}
	for reason, list := range numbers {
		for _, number := range list {
			out[number] = reason
		}
	}
	return out
}

func loadExchanges(t *testing.T, name string) []exchange {
	t.Helper()
	file, err := os.Open(name)
	require.NoError(t, err)
	defer file.Close()
	var out []exchange
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var e exchange
		require.NoError(t, json.Unmarshal(lines.Bytes(), &e))
		e.Path, e.Body, e.Answer = unsqueeze(e.Path), unsqueeze(e.Body), unsqueeze(e.Answer)
		out = append(out, e)
	}
	require.NoError(t, lines.Err())
	return out
}

var runPattern = regexp.MustCompile(`\{([ax])\*(\d+)\}`)

func unsqueeze(s string) string {
	return runPattern.ReplaceAllStringFunc(s, func(run string) string {
		parts := runPattern.FindStringSubmatch(run)
		count, _ := strconv.Atoi(parts[2])
		return strings.Repeat(parts[1], count)
	})
}

// stage is a server at which recorded exchanges are played.
type stage interface {
	// url is that of the server, email and password are the admin's.
	url() string
	email() string
	password() string
	// token, expiredToken and customerToken are of the admin, of the admin long ago,
	// and of somebody whom the Admin API does not know.
	token(t *testing.T) string
	expiredToken(t *testing.T) string
	customerToken(t *testing.T) string
	isToken(text string) bool
	newAPIKey(t *testing.T) string
	revokeAPIKey(t *testing.T, key string)
	// addAccount makes a customer who has signed up, and returns the id.
	addAccount(t *testing.T, email string) string
	// spelled puts the mark of this run in place of that of the recording.
	spelled(text string) string
	// until lets the clock go on to a moment, if it is behind that.
	until(at time.Time)
	// isLive reports a server that was not made for the recording: its times are of
	// another day, and what the recording leaves to chance may come otherwise.
	isLive() bool
}

// standInStage is a stand-in with a clock that follows the recording.
type standInStage struct {
	server *Server
	clock  time.Time // the last time the server has read
}

func newStandInStage(t *testing.T) *standInStage {
	t.Helper()
	s := &standInStage{server: NewServer(), clock: time.Date(2026, 11, 22, 5, 56, 17, 0, time.UTC)}
	t.Cleanup(s.server.Close)
	s.server.store.ids.last = 0 // the admin's id is younger than the recording
	s.server.SetClock(func() time.Time {
		s.clock = s.clock.Add(time.Millisecond)
		return s.clock
	})
	return s
}

func (s *standInStage) url() string                         { return s.server.URL() }
func (s *standInStage) email() string                       { return s.server.Email }
func (s *standInStage) password() string                    { return s.server.Password }
func (s *standInStage) token(*testing.T) string             { return s.server.NewToken() }
func (s *standInStage) isToken(text string) bool            { return s.server.auth.valid(text, s.clock) }
func (s *standInStage) newAPIKey(*testing.T) string         { return s.server.NewAPIKey() }
func (s *standInStage) revokeAPIKey(_ *testing.T, k string) { s.server.RevokeAPIKey(k) }
func (s *standInStage) spelled(text string) string          { return text }
func (s *standInStage) isLive() bool                        { return false }

func (s *standInStage) until(at time.Time) {
	if at.After(s.clock) {
		s.clock = at
	}
}

func (s *standInStage) addAccount(t *testing.T, email string) string {
	t.Helper()
	id, err := s.server.AddAccount(email)
	require.NoError(t, err)
	return id
}

func (s *standInStage) expiredToken(*testing.T) string {
	s.server.SetTokenLife(-time.Hour)
	defer s.server.SetTokenLife(24 * time.Hour)
	return s.server.NewToken()
}

func (s *standInStage) customerToken(*testing.T) string {
	unsigned := base64URL([]byte(jwtHeader)) + "." +
		base64URL(standin.Encode(claims{ActorID: "cus_1", ActorType: "customer", ExpiresAt: s.clock.Unix() + 3600}))
	return unsigned + "." + s.server.auth.sign(unsigned)
}

// player plays exchanges at one server.
type player struct {
	stage  stage
	theirs map[string]string // by what the recording has
	ours   map[string]string // the other way round
	times  map[string]string // of a live server, by those of the recording
	keys   map[int]string    // API keys by the number of the exchange that made them
}

func newPlayer(s stage) *player {
	return &player{
		stage: s, theirs: map[string]string{}, ours: map[string]string{}, times: map[string]string{}, keys: map[int]string{},
	}
}

func (p *player) play(t *testing.T, e exchange) {
	p.prepare(t, e)
	response := p.send(t, e)
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())

	require.Equal(t, e.Status, response.StatusCode, string(body))
	assert.Equal(t, e.Type, response.Header.Get("Content-Type"))
	if e.ETag != "" {
		p.pair(t, e.ETag, response.Header.Get("Etag"))
	}
	if e.Length != 0 && response.Header.Get("Etag") != "" && !strings.Contains(e.Answer, "<JWT>") {
		assert.Equal(t, strconv.Itoa(e.Length), response.Header.Get("Content-Length"))
	}
	if !strings.HasPrefix(e.Type, "application/json") || e.Answer == "" {
		assert.Equal(t, p.translate(e.Answer), string(body))
		return
	}
	p.compare(t, "", parse(t, e.Answer), parse(t, string(body)))
}

// prepare does what left-out exchanges did to the rows, and sets the clock.
func (p *player) prepare(t *testing.T, e exchange) {
	for _, stamp := range timePattern.FindAllString(e.Answer, -1) {
		at, err := time.Parse(time.RFC3339, stamp)
		require.NoError(t, err)
		if p.theirs[stamp] == "" {
			p.stage.until(at.Add(-8 * time.Millisecond))
		}
	}
	switch e.Number {
	case 22:
		p.keys[21] = p.stage.newAPIKey(t)
	case 30:
		p.stage.revokeAPIKey(t, p.keys[21])
	case 335:
		id := p.stage.addAccount(t, p.stage.spelled("shopper.6b028401@example.test"))
		p.pair(t, "cus_01M80X7DQ0R4YA3AS6KJFFFG87", id)
		p.post(t, "/admin/customers/"+id, `{"first_name":"Shop","phone":"+1","metadata":{"a":1}}`)
	case 346:
		p.keys[345] = p.stage.newAPIKey(t)
	case 388:
		p.post(t, "/admin/customers", p.stage.spelled(`{"email":"race.6b028401@example.test","first_name":"0"}`))
		id := p.theirs["cus_01M80X7EBNM1KXCZYR9MY7P2T7"]
		for i := range 10 {
			p.post(t, "/admin/customers/"+id, fmt.Sprintf(`{"metadata":{"k%d":%d}}`, i, i))
		}
	}
}

func (p *player) post(t *testing.T, path, body string) {
	response := p.do(t, http.MethodPost, path, body, http.Header{
		"Authorization": {"Bearer " + p.stage.token(t)},
		"Content-Type":  {"application/json"},
	})
	require.Equal(t, http.StatusOK, response.StatusCode)
	require.NoError(t, response.Body.Close())
}

func (p *player) send(t *testing.T, e exchange) *http.Response {
	header := http.Header{}
	for name, value := range e.Header {
		header.Set(name, p.translate(p.credential(t, e.Number, value)))
	}
	body := strings.NewReplacer("<PASSWORD>", p.stage.password(), "admin@example.test", p.stage.email()).Replace(p.translate(e.Body))
	return p.do(t, e.Method, p.translate(e.Path), body, header)
}

func (p *player) do(t *testing.T, method, path, body string, header http.Header) *http.Response {
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	request, err := http.NewRequestWithContext(t.Context(), method, p.stage.url()+path, reader)
	require.NoError(t, err)
	request.Header = header
	transport := &http.Transport{DisableKeepAlives: true, DisableCompression: true}
	response, err := transport.RoundTrip(request)
	require.NoError(t, err)
	return response
}

// credential puts real credentials in place of the placeholders of the recording.
func (p *player) credential(t *testing.T, number int, value string) string {
	if !strings.Contains(value, "<") {
		return value
	}
	if number == 15 {
		return "Bearer " + strings.Replace(p.stage.token(t), ".eyJ", ".eyK", 1)
	}
	key := p.keys[345]
	if number < 345 {
		key = p.keys[21]
	}
	encoded := base64.StdEncoding.EncodeToString
	return strings.NewReplacer(
		"<JWT>", p.stage.token(t),
		"<EXPIRED_JWT>", p.stage.expiredToken(t),
		"<CUSTOMER_JWT>", p.stage.customerToken(t),
		"<base64(sk_...:)>", encoded([]byte(key+":")),
		"<base64(sk_...)>", encoded([]byte(key)),
		"<SECRET_API_KEY sk_...>", key,
	).Replace(value)
}

var (
	idPattern    = regexp.MustCompile(`(cus|cuaddr|cusgroup|user|apk)_[0-9A-HJKMNP-TV-Z]{26}`)
	timePattern  = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`)
	etagPattern  = regexp.MustCompile(`W/"[^"]+"`)
	pairedValues = []*regexp.Regexp{idPattern, timePattern}
)

// translate puts the stand-in's ids and tags in place of the recorded ones.
func (p *player) translate(s string) string {
	for _, pattern := range []*regexp.Regexp{idPattern, etagPattern} {
		s = pattern.ReplaceAllStringFunc(s, func(theirs string) string {
			if ours := p.theirs[theirs]; ours != "" {
				return ours
			}
			return theirs
		})
	}
	return timePattern.ReplaceAllStringFunc(s, func(theirs string) string {
		if ours := p.times[theirs]; ours != "" {
			return ours
		}
		return theirs
	})
}

// compare wants equal JSON, ids and times apart.
func (p *player) compare(t *testing.T, at string, want, got any) {
	switch want := want.(type) {
	case map[string]any:
		got, _ := got.(map[string]any)
		if !assert.ElementsMatch(t, names(want), names(got), "members of %s", at) {
			return
		}
		for _, name := range slices.Sorted(slices.Values(names(want))) {
			p.compare(t, at+"."+name, want[name], got[name])
		}
	case []any:
		got, _ := got.([]any)
		if !assert.Len(t, got, len(want), at) {
			return
		}
		if p.stage.isLive() && isUnordered(at) {
			got = p.aligned(want, got)
		}
		for i := range want {
			p.compare(t, fmt.Sprintf("%s[%d]", at, i), want[i], got[i])
		}
	case string:
		p.compareText(t, at, want, got)
	default:
		assert.Equal(t, want, got, at)
	}
}

func (p *player) compareText(t *testing.T, at, want string, got any) {
	text, _ := got.(string)
	if p.stage.isLive() && timePattern.FindString(want) == want && timePattern.FindString(text) == text && text != "" {
		if p.times[want] == "" {
			p.times[want] = text
		}
		return
	}
	for _, pattern := range pairedValues {
		if pattern.FindString(want) == want && pattern.FindString(text) == text && text != "" {
			p.pair(t, want, text)
			return
		}
	}
	if want == "<JWT>" {
		assert.True(t, p.stage.isToken(text), "token of %s", at)
		return
	}
	assert.Equal(t, p.translate(want), got, at)
}

// isUnordered reports the lists that the server promises no order of: rows within others,
// and addresses.
func isUnordered(at string) bool { return strings.Count(at, ".") > 1 || at == ".addresses" }

// aligned returns the rows of such a list in the order of the recording. A row that is
// known is found by its id, a new one by what it says, and what is left over keeps its
// place.
func (p *player) aligned(want, got []any) []any {
	rest, rows := slices.Clone(got), make([]any, len(want))
	for _, fits := range []func(want, row any) bool{p.isSame, p.isAlike, func(any, any) bool { return true }} {
		for i := range want {
			at := slices.IndexFunc(rest, func(row any) bool { return fits(want[i], row) })
			if rows[i] == nil && at >= 0 {
				rows[i] = rest[at]
				rest = slices.Delete(rest, at, at+1)
			}
		}
	}
	return rows
}

// isSame reports whether a row is known to be the recorded one.
func (p *player) isSame(want, row any) bool {
	ours := p.theirs[idOf(want)]
	return ours != "" && ours == idOf(row)
}

// isAlike reports whether a row that is not known says what a recorded one does, ids and
// times apart.
func (p *player) isAlike(want, row any) bool {
	ours, _ := row.(map[string]any)
	theirs, ok := want.(map[string]any)
	if !ok || p.theirs[idOf(want)] != "" || p.ours[idOf(row)] != "" {
		return false
	}
	for name, value := range theirs {
		text, isText := value.(string)
		paired := isText && slices.ContainsFunc(pairedValues, func(r *regexp.Regexp) bool { return r.FindString(text) == text })
		if !paired && !reflect.DeepEqual(value, ours[name]) {
			return false
		}
	}
	return true
}

func idOf(row any) string {
	members, _ := row.(map[string]any)
	id, _ := members["id"].(string)
	return id
}

// pair wants what two places of the recording have in common, or do not, to be
// so in the stand-in.
func (p *player) pair(t *testing.T, theirs, ours string) {
	if p.theirs[theirs] == "" && p.ours[ours] == "" {
		p.theirs[theirs], p.ours[ours] = ours, theirs
	}
	assert.Equal(t, p.theirs[theirs], ours, "for %s", theirs)
	assert.Equal(t, p.ours[ours], theirs, "for %s", ours)
}

func names(object map[string]any) []string {
	out := make([]string, 0, len(object))
	for name := range object {
		out = append(out, name)
	}
	return out
}

// parse keeps numbers as they are spelled.
func parse(t *testing.T, text string) any {
	t.Helper()
	var out any
	decoder := json.NewDecoder(bytes.NewReader([]byte(text)))
	decoder.UseNumber()
	require.NoError(t, decoder.Decode(&out), text)
	return out
}
