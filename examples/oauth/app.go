package main

import (
	"crypto/rand"
	"embed"
	"errors"
	"html/template"
	"log"
	"net/http"
	"slices"
	"strings"

	"github.com/souk-go/souk"
)

//go:embed pages.html
var files embed.FS

var pages = template.Must(template.ParseFS(files, "pages.html"))

// app is the web program.
type app struct{ flows []*flow }

func newApp(flows []*flow) http.Handler {
	a := &app{flows}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", a.start)
	mux.HandleFunc("POST /install/{vendor}", a.install)
	mux.HandleFunc("GET /merchant/{vendor}", a.merchant)
	mux.HandleFunc("GET /callback/{vendor}", a.callback)
	return http.NewCrossOriginProtection().Handler(mux)
}

func (a *app) flow(w http.ResponseWriter, r *http.Request) *flow {
	at := slices.IndexFunc(a.flows, func(f *flow) bool { return f.Vendor == r.PathValue("vendor") })
	if at < 0 {
		show(w, http.StatusNotFound, "failed", failure{Text: "There is no such vendor."})
		return nil
	}
	return a.flows[at]
}

func (a *app) start(w http.ResponseWriter, _ *http.Request) {
	show(w, http.StatusOK, "start", a.flows)
}

// install sends the merchant to the vendor. The state goes along, and into a cookie: by
// that the callback knows that it is the same browser that comes back.
func (a *app) install(w http.ResponseWriter, r *http.Request) {
	f := a.flow(w, r)
	if f == nil {
		return
	}
	state := rand.Text()
	target, err := f.begin(state)
	if err != nil {
		fail(w, f, err)
		return
	}
	if f.agree != nil { // a browser cannot go to a stand-in's page
		target = "/merchant/" + f.Vendor
	}
	http.SetCookie(w, &http.Cookie{
		Name: "state-" + f.Vendor, Value: state, Path: "/", MaxAge: 600, HttpOnly: true,
		Secure: r.TLS != nil, SameSite: http.SameSiteLaxMode, // Lax: the vendor's page leads back here
	})
	http.Redirect(w, r, target, http.StatusSeeOther)
}

// merchant is what the vendor asks the merchant, at a stand-in.
func (a *app) merchant(w http.ResponseWriter, r *http.Request) {
	f := a.flow(w, r)
	if f == nil {
		return
	}
	if f.agree == nil {
		fail(w, f, errors.New("the merchant agrees at the vendor's page"))
		return
	}
	show(w, http.StatusOK, "merchant", struct {
		*flow
		Back string
	}{f, "/callback/" + f.Vendor + "?" + f.agree(state(r, f)).Encode()})
}

// callback is where the merchant comes back to.
func (a *app) callback(w http.ResponseWriter, r *http.Request) {
	f := a.flow(w, r)
	if f == nil {
		return
	}
	want := state(r, f)
	http.SetCookie(w, &http.Cookie{Name: "state-" + f.Vendor, Path: "/", MaxAge: -1}) // it is for one callback
	if want == "" {
		fail(w, f, errors.New("this browser has not begun here, or more than ten minutes ago"))
		return
	}
	result, err := f.finish(r.Context(), r.URL.Query(), want)
	if err != nil {
		fail(w, f, err)
		return
	}
	show(w, http.StatusOK, "installed", struct {
		*flow
		installed
	}{f, result})
}

func state(r *http.Request, f *flow) string {
	cookie, err := r.Cookie("state-" + f.Vendor)
	if err != nil {
		return ""
	}
	return cookie.Value
}

// failure is what a page says of an error.
type failure struct {
	Title, Text, Advice string
}

// fail says what can be done. The error itself goes to the log.
func fail(w http.ResponseWriter, f *flow, err error) {
	log.Printf("%s: %v", f.Vendor, err)
	status, page := http.StatusBadRequest, failure{Title: f.Title, Text: "The app was not installed.", Advice: "Begin again."}
	switch {
	case errors.Is(err, souk.ErrUnavailable), errors.Is(err, souk.ErrRateLimited):
		status, page.Advice = http.StatusServiceUnavailable, f.Title+" does not answer now. Begin again in a minute."
	case errors.Is(err, souk.ErrReauthorize), errors.Is(err, souk.ErrUnauthorized):
		status, page.Text = http.StatusForbidden, f.Title+" has not confirmed that it sent you here, or the code was used before."
	case errors.Is(err, souk.ErrInvalid):
		page.Text = "The settings of the app are not right."
		if e, ok := errors.AsType[*souk.Error](err); ok {
			var wrong []string
			for field, texts := range e.Fields {
				wrong = append(wrong, field+": "+strings.Join(texts, ", "))
			}
			slices.Sort(wrong)
			page.Advice = strings.Join(wrong, "; ")
		}
	}
	show(w, status, "failed", page)
}

func show(w http.ResponseWriter, status int, name string, data any) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self' https:")
	w.Header().Set("Referrer-Policy", "no-referrer") // the URL of a callback holds a code
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	if err := pages.ExecuteTemplate(w, name, data); err != nil {
		log.Print(err)
	}
}
