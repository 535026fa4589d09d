package canary

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
)

// What is planted: the one in fields that hold credentials, the other in all others.
const (
	credential = "canary-credential-1c7e"
	personal   = "canary-personal-8d02@mail.example"
)

// credentials are the fields that hold one by their names, or else by this list.
var (
	credentials     = regexp.MustCompile(`(?i)(token|secrets?|password|passwordconfirmation|otp|apikey|rsakey)$`)
	moreCredentials = []string{
		"commercengine.OTP.Code", "salla.OTPRequest.Code",
		"salla.Callback.Code", "salla.Callback.State", "shoplazza.Callback.Code", "shoplazza.Callback.State",
		"shopline.Callback.Code", "shopline.Callback.State",
		"salla.Webhook.Headers", "salla.WebhookHeader.Value", // by which deliveries are proven
		"shopline.SocialLogin.Key", "shopline.SetSocialLoginRequest.Key",
		"souk.Response.Header", "souk.Response.Body", // of a log-in
		"souk.Error.Body",
	}
	// Tokens of a shopper's card, which the shopper's own account shows.
	noCredentials = []string{"commercengine.Card.CardToken", "commercengine.CardNetworkToken.CardToken", "commercengine.SavedCard.CardToken"}
)

// silent types show nothing personal either. All others are a program's own to print.
var silent = []string{
	"souk.Error", "souk.RowError", "souk.UnsavedError", "souk.Response", "souk.Delivery",
	"souk.Options", "commercengine.Config", "salla.Config", "shoplazza.Config", "shopline.Config", "xclade.Config",
}

// sayWhere are the fields of silent types that say which store or call it is.
var sayWhere = regexp.MustCompile(`^(Vendor|RequestID|Method|Route|ID|Topic|Store|StoreID|Environment|Tenant|Shop|Handle|Merchant|Version|Plan|Language|SessionKey|UserAgent|BaseURL|AccountsURL)$`)

// wire reports types whose JSON is what is sent.
func wire(name string) bool {
	return strings.HasSuffix(name, "Request") || name == "salla.WebhookHeader"
}

// planted returns a value of a type with something in each of its fields.
func planted(t reflect.Type, owner, field string, depth int) reflect.Value {
	v := reflect.New(t).Elem()
	text := personal
	if name := owner + "." + field; credentials.MatchString(field) && !slices.Contains(noCredentials, name) || slices.Contains(moreCredentials, name) {
		text = credential
	} else if slices.Contains(silent, owner) && sayWhere.MatchString(field) {
		text = "x"
	}
	switch {
	case depth > 6:
		return v
	case t == reflect.TypeFor[time.Time]():
		return reflect.ValueOf(time.Unix(1, 0))
	case t == reflect.TypeFor[json.RawMessage]():
		return reflect.ValueOf(json.RawMessage(`"` + text + `"`))
	case t == reflect.TypeFor[error]():
		return reflect.ValueOf(souk.ErrInvalid)
	case t == reflect.TypeFor[souk.TokenSource]():
		return reflect.ValueOf(openSource{credential})
	case t == reflect.TypeFor[*http.Client]():
		return reflect.ValueOf(&http.Client{Transport: openTransport{credential}})
	case t == reflect.TypeFor[oauth2.Token]():
		v.Set(reflect.ValueOf(oauth2.Token{AccessToken: credential, RefreshToken: credential}))
		return v
	}
	switch t.Kind() {
	case reflect.Int, reflect.Int64:
		v.SetInt(422)
	case reflect.String:
		v.SetString(text)
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			v.SetBytes([]byte(text))
			return v
		}
		v.Set(reflect.Append(v, planted(t.Elem(), owner, field, depth+1)))
	case reflect.Array:
		v.Index(0).Set(planted(t.Elem(), owner, field, depth+1))
	case reflect.Map:
		v.Set(reflect.MakeMap(t))
		v.SetMapIndex(planted(t.Key(), owner, "", depth+1), planted(t.Elem(), owner, field, depth+1))
	case reflect.Pointer:
		v.Set(reflect.New(t.Elem()))
		v.Elem().Set(planted(t.Elem(), owner, field, depth+1))
	case reflect.Interface:
		if t.NumMethod() == 0 {
			v.Set(reflect.ValueOf(text))
		}
	case reflect.Struct:
		if name := nameOf(t); name != "" {
			owner = name
		}
		for i := range t.NumField() {
			if f := t.Field(i); f.IsExported() {
				v.Field(i).Set(planted(f.Type, owner, f.Name, depth+1))
			}
		}
	}
	return v
}

// openSource and openTransport hold a credential in the open, as types of users do.
type openSource struct{ token string }

func (s openSource) Token(context.Context) (*oauth2.Token, error) {
	return &oauth2.Token{AccessToken: s.token}, nil
}

type openTransport struct{ token string }

func (openTransport) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, http.ErrSchemeMismatch
}

func TestNothingPlantedIsPrinted(t *testing.T) {
	t.Parallel()
	for _, name := range slices.Sorted(maps.Keys(reached)) {
		typ := reached[name]
		if typ.Kind() == reflect.Interface || typ.Kind() == reflect.Func ||
			name == "souk.Options" { // has no methods, and leads to the program's own HTTP client
			continue
		}
		p := &printing{name: name, hidden: []string{credential}}
		if slices.Contains(silent, name) {
			p.hidden = append(p.hidden, personal)
		}
		p.print(t, planted(typ, name, "", 0))
	}
}

// printing prints a value in all ways, and looks for what is hidden.
type printing struct {
	name   string
	hidden []string
}

func (p *printing) print(t *testing.T, v reflect.Value) {
	t.Helper()
	pointer := reflect.New(v.Type())
	pointer.Elem().Set(v)
	one, shared := v.Interface(), pointer.Interface()
	p.one(t, one)
	p.one(t, shared)
	p.panics(t, one)
	p.panics(t, shared)
	if !wire(p.name) {
		p.json(t, one)
	}
	for _, holder := range []any{
		struct{ Held any }{one},
		struct{ Held any }{shared},
		&struct{ Held any }{shared},
		[]any{one, shared},
		map[string]any{"held": one},
		map[string]any{"held": shared},
		[1]any{one},
		within(v), &struct{ Next any }{[]any{within(pointer)}},
	} {
		p.verbs(t, holder)
		if !wire(p.name) {
			p.json(t, holder)
			p.loggers(t, holder)
		}
	}
}

// within returns a struct with a field of the value's own type.
func within(v reflect.Value) any {
	t := reflect.StructOf([]reflect.StructField{{Name: "Held", Type: v.Type()}, {Name: "List", Type: reflect.SliceOf(v.Type())}})
	s := reflect.New(t).Elem()
	s.Field(0).Set(v)
	s.Field(1).Set(reflect.Append(s.Field(1), v))
	return s.Interface()
}

func (p *printing) one(t *testing.T, v any) {
	t.Helper()
	p.verbs(t, v)
	p.loggers(t, v)
}

var verbs = []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%e", "%U", "%+q", "%#x"}

func (p *printing) verbs(t *testing.T, v any) {
	t.Helper()
	for _, verb := range verbs {
		p.look(t, verb, fmt.Sprintf(verb, v))
	}
}

func (p *printing) loggers(t *testing.T, v any) {
	t.Helper()
	var text bytes.Buffer
	for _, handler := range []slog.Handler{slog.NewTextHandler(&text, nil), slog.NewJSONHandler(&text, nil)} {
		slog.New(handler).With("with", v).Info("m", "plain", v, slog.Group("g", slog.Any("in", v)))
	}
	p.look(t, "slog", text.String())
}

func (p *printing) json(t *testing.T, v any) {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		p.look(t, "json's error", err.Error())
	}
	p.look(t, "json", string(data))
}

// panics prints what the runtime prints of a value that a program panics with.
func (p *printing) panics(t *testing.T, v any) {
	t.Helper()
	switch v := v.(type) {
	case error:
		p.look(t, "panic", v.Error())
	case fmt.Stringer:
		p.look(t, "panic", v.String())
	}
}

func (p *printing) look(t *testing.T, how, text string) {
	t.Helper()
	for _, hidden := range p.hidden {
		if isIn(hidden, text) {
			t.Errorf("%s: %s shows %s: %.200s", p.name, how, hidden, text)
		}
	}
}

// isIn reports whether a text that a printer has made holds a planted one.
func isIn(planted, text string) bool {
	return slices.ContainsFunc(spelled(planted), func(s string) bool { return strings.Contains(text, s) })
}

// spelled are the spellings of printers, encoding/json among them.
func spelled(text string) []string {
	if known, ok := spellings.Load(text); ok {
		return known.([]string)
	}
	hexed := hex.EncodeToString([]byte(text))
	known := []string{
		text, hexed, strings.ToUpper(hexed),
		strings.Trim(fmt.Sprint([]byte(text)), "[]"),
		base64.StdEncoding.EncodeToString([]byte(text))[:len(text)],
	}
	spellings.Store(text, known)
	return known
}

var spellings sync.Map

// The test would find what is there.
func TestWhatIsPrintedIsFound(t *testing.T) {
	t.Parallel()
	for _, v := range []any{credential, struct{ a string }{credential}, map[string]int{credential: 1}} {
		for _, how := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
			text := fmt.Sprintf(how, v)
			assert.True(t, isIn(credential, text), "%s of %T: %s", how, v, text)
		}
	}
	assert.True(t, isIn(credential, fmt.Sprint([]byte(credential))))
	data, err := json.Marshal([]byte("x" + credential))
	require.NoError(t, err)
	assert.True(t, isIn("x"+credential, string(data)))
}
