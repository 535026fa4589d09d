package canary

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"unicode"

	"github.com/stretchr/testify/assert"
	"golang.org/x/time/rate"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
)

// shop is a vendor, its clients and how it refuses.
type shop struct {
	name    string
	open    func(t *testing.T, w *watch) []client
	refusal func(status int, text string) any
}

// canaries are the personal data in requests.
var canaries = testkit.NewCanary()

// watch gathers whatever a program can come to show.
type watch struct {
	mu   sync.Mutex
	text strings.Builder
}

func (w *watch) add(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	fmt.Fprintf(&w.text, format+"\n", args...)
}

func (w *watch) take() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	text := w.text.String()
	w.text.Reset()
	return text
}

// Write is for a logger.
func (w *watch) Write(p []byte) (int, error) { w.add("%s", p); return len(p), nil }

func (w *watch) observer() *souk.Observer {
	return &souk.Observer{
		CallStart:    func(_ context.Context, c souk.Call) context.Context { w.add("%+v", c); return nil },
		Attempt:      func(_ context.Context, a souk.Attempt) { w.add("%+v", a) },
		Wait:         func(_ context.Context, a souk.Wait) { w.add("%+v", a) },
		TokenRefresh: func(_ context.Context, r souk.TokenRefresh) { w.add("%+v", r) },
		Drift:        func(_ context.Context, d souk.Drift) { w.add("%+v", d) },
		CallEnd:      func(_ context.Context, c souk.Call, err error) { w.add("%+v %+v", c, err) },
	}
}

// see adds what an error shows by itself, and all that it wraps.
func (w *watch) see(err error) {
	if err == nil {
		return
	}
	w.add("%v\n%+v\n%#v\n%q", err, err, err, err)
	logger := slog.New(slog.NewTextHandler(w, nil))
	logger.Info("failed", "err", err, "in", []any{err}, "of", struct{ E error }{err})
	slog.New(slog.NewJSONHandler(w, nil)).Info("failed", "err", err, "in", []any{err}, "of", struct{ E error }{err})
	if e, ok := errors.AsType[*souk.Error](err); ok {
		w.add("%+v %+v", *e, struct{ E souk.Error }{*e})
	}
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		for _, one := range many.Unwrap() {
			w.see(one)
		}
	}
	w.see(errors.Unwrap(err))
}

// fieldsOf is what of an error a program may read, where no credential may stand.
func fieldsOf(err error) string {
	e, ok := errors.AsType[*souk.Error](err)
	if !ok {
		return ""
	}
	return fmt.Sprintf("%s %s %v %s %s", e.Code, e.Message, e.Fields, e.RequestID, e.Body)
}

func TestNothingSentIsShown(t *testing.T) {
	t.Parallel()
	for _, s := range shops {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			sent := map[string]bool{}
			for i, shape := range shapes {
				if testing.Short() && i%3 > 0 {
					continue
				}
				synctest.Test(t, func(t *testing.T) { s.try(t, shape, sent) })
			}
			for _, name := range slices.Sorted(maps.Keys(sent)) {
				assert.True(t, sent[name], "%s sends nothing: give it values that it takes", name)
			}
			t.Logf("%d operations", len(sent))
		})
	}
}

// try calls all operations at servers that answer in one shape.
func (s *shop) try(t *testing.T, shape shape, sent map[string]bool) {
	w := new(watch)
	for _, client := range s.open(t, w) {
		if !shape.own {
			client.secrets = append(client.secrets, client.tokens...)
		}
		client.server.shape, client.server.refusal, client.server.secrets = shape, s.refusal, client.secrets
		w.take()
		for name, call := range operationsOf(client.what) {
			before := client.server.sent
			errs, position := call(t.Context())
			sent[name] = sent[name] || client.server.sent > before
			for _, err := range errs {
				w.see(err)
				looksFor(t, name+", "+shape.name+", a field", fieldsOf(err), client.secrets)
			}
			w.add("%s", position)
			looksFor(t, name+", "+shape.name, w.take(), slices.Concat(client.secrets, plantedInRequests))
			if t.Failed() {
				return
			}
		}
	}
}

// a client of any kind, and the server that it speaks to.
type client struct {
	what    any // a client, or an OAuth
	server  *hostile
	secrets []string
	tokens  []string // that an answer can replace
}

// options are those of a client whose server is honest as long as it has no shape.
func (w *watch) options(standIn http.RoundTripper) (souk.Options, *hostile) {
	h := &hostile{standIn: standIn}
	return souk.Options{
		HTTPClient: &http.Client{Transport: h}, MaxAttempts: 1, MaxRetryWait: time.Second, Limiter: rate.NewLimiter(rate.Inf, 1),
		Logger: slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelDebug})), Observer: w.observer(),
	}, h
}

// looksFor fails for what was planted.
func looksFor(t *testing.T, where, text string, planted []string) {
	t.Helper()
	text = strings.ToLower(text)
	for _, one := range planted {
		for _, spelling := range []string{one, url.QueryEscape(one)} {
			if spelling = strings.ToLower(spelling); strings.Contains(text, spelling) {
				at := max(0, strings.Index(text, spelling)-300)
				t.Errorf("%s: %q is shown: %s", where, one, text[at:min(len(text), at+600)])
				return
			}
		}
	}
}

// operation calls one with planted values, and returns its errors and the position of
// its walk.
type operation func(ctx context.Context) (errs []error, position string)

// operationsOf returns the operations of a client, of a service or of an OAuth.
func operationsOf(having any) map[string]operation {
	all := map[string]operation{}
	v := reflect.ValueOf(having)
	addMethods(all, v)
	if e := reflect.Indirect(v); e.Kind() == reflect.Struct {
		for i := range e.NumField() {
			if f := e.Type().Field(i); f.IsExported() && strings.HasSuffix(f.Type.String(), "Service") {
				addMethods(all, e.Field(i))
			}
		}
	}
	return all
}

var (
	contextType = reflect.TypeFor[context.Context]()
	errorType   = reflect.TypeFor[error]()
)

// withoutContext are the methods that send nothing.
var withoutContext = []string{
	"Quota", "Format", "String", "LogValue", "AuthCodeURL", "ParseCallback", "ParseInstall", "TokenKey", "TokenSource", "SaveToken", "Next", "Position", "Total",
}

func addMethods(all map[string]operation, v reflect.Value) {
	for i := range v.NumMethod() {
		m := v.Type().Method(i)
		name := strings.TrimPrefix(strings.TrimPrefix(v.Type().String(), "*"), v.Type().PkgPath()) + "." + m.Name
		if slices.Contains(withoutContext, m.Name) {
			continue
		}
		method := v.Method(i)
		all[name] = func(ctx context.Context) ([]error, string) {
			if strings.HasPrefix(m.Name, "Do") {
				return free(ctx, method)
			}
			left := map[string]bool{}
			for {
				args := make([]reflect.Value, method.Type().NumIn())
				for i := range args {
					args[i] = argument(method.Type().In(i), m.Name, ctx, left)
				}
				if strings.Contains(m.Name, "Walk") {
					args[len(args)-1] = reflect.ValueOf("") // from the beginning
				}
				errs, position := outcome(ctx, method.Call(args))
				if !leave(errs, left) {
					return errs, position
				}
			}
		}
	}
}

// leave notes fields that the SDK has refused, to be left empty, and reports whether
// there are any that were not.
func leave(errs []error, left map[string]bool) (more bool) {
	for _, err := range errs {
		e, ok := errors.AsType[*souk.Error](err)
		if !ok || e.StatusCode != 0 || !errors.Is(err, souk.ErrInvalid) {
			continue
		}
		for field := range e.Fields {
			for name := range strings.FieldsFuncSeq(field, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
				more = more || !left[name]
				left[name] = true
			}
		}
	}
	return more
}

// free calls a method for end points of the program's own.
func free(ctx context.Context, do reflect.Value) ([]error, string) {
	var out any
	return outcome(ctx, do.Call([]reflect.Value{
		argument(contextType, "", ctx, nil), reflect.ValueOf("POST"), reflect.ValueOf("/things/" + pathID), reflect.ValueOf(url.Values{"q": {canaries.LastName}}),
		reflect.ValueOf(map[string]string{"name": canaries.FirstName, "new_password": canaries.Password}), reflect.ValueOf(&out),
	}))
}

// outcome reads what a method returns: errors, rows, and walks.
func outcome(ctx context.Context, results []reflect.Value) (errs []error, position string) {
	for _, r := range results {
		switch t := r.Type(); {
		case t == errorType:
			if err, ok := r.Interface().(error); ok {
				errs = append(errs, err)
			}
		case t.Kind() == reflect.Func:
			errs = append(errs, rowsOf(r)...)
		case strings.HasPrefix(t.String(), "*souk.Walk["):
			errs = append(errs, rowsOf(r.MethodByName("All").Call([]reflect.Value{reflect.ValueOf(ctx)})[0])...)
			position = r.MethodByName("Position").Call(nil)[0].String()
		}
	}
	return errs, position
}

// rowsOf loops over an iterator.
func rowsOf(seq reflect.Value) (errs []error) {
	rows := 0
	yield := reflect.MakeFunc(seq.Type().In(0), func(args []reflect.Value) []reflect.Value {
		if err, ok := args[1].Interface().(error); ok {
			errs = append(errs, err)
		}
		rows++
		return []reflect.Value{reflect.ValueOf(rows < 5)}
	})
	seq.Call([]reflect.Value{yield})
	return errs
}

// argument returns a value that an operation takes, without the fields that are left.
func argument(t reflect.Type, of string, ctx context.Context, left map[string]bool) reflect.Value {
	v := reflect.New(t).Elem()
	switch {
	case t == contextType:
		return reflect.ValueOf(souk.WithHeader(ctx, http.Header{"X-Shopper": {headerName}}))
	case t == reflect.TypeFor[souk.TokenStore]():
		return reflect.ValueOf(newExpired())
	case t.Kind() == reflect.String:
		v.SetString(textFor(of))
	case t.Kind() == reflect.Int64:
		v.SetInt(7700881)
	case t.Kind() == reflect.Struct, t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Struct:
		plant(v, of, "", left)
	case t.Kind() == reflect.Slice:
		v.Set(reflect.Append(v, argument(t.Elem(), of, ctx, left)))
	}
	return v
}

// textFor is what a method takes as a text.
func textFor(method string) string {
	switch {
	case method == "LookUpIFSC":
		return ifsc
	case strings.HasSuffix(method, "Pincodes"), method == "ListStates":
		return "IN"
	case method == "GetByEmail":
		return canaries.Email
	case method == "GetByPhone":
		return canaries.Phone
	case method == "RetryRefresh":
		return "7700881" // a store of Salla's, and a name that the others take
	}
	return pathID
}
