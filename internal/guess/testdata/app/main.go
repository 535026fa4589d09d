// App is what a user of SHOPLINE has written who installs an app in many stores: the
// consent page, the callback, the tokens of all stores, and what they deliver.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/shopline"
)

func main() {
	a := &app{
		oauth: shopline.OAuth{
			ClientID:     os.Getenv("SHOPLINE_CLIENT_ID"),
			ClientSecret: os.Getenv("SHOPLINE_CLIENT_SECRET"),
			RedirectURL:  "https://app.example/back",
			Scopes:       []string{"read_customers"},
		},
		tokens: souk.NewFileTokenStore("tokens"),
	}
	deliveries, err := shopline.NewWebhookHandler(shopline.WebhookConfig{Secrets: []string{a.oauth.ClientSecret}}, souk.NewMemorySeen(), a.deliver)
	if err != nil {
		log.Fatal(err)
	}
	http.HandleFunc("GET /install", a.install)
	http.HandleFunc("GET /back", a.back)
	http.Handle("POST /deliveries", deliveries)
	log.Fatal(http.ListenAndServe(":8080", nil))
}

type app struct {
	oauth  shopline.OAuth
	tokens souk.TokenStore
}

// install sends the merchant to the page where they agree.
func (a *app) install(w http.ResponseWriter, r *http.Request) {
	state := rand.Text()
	to, err := a.oauth.AuthCodeURL(r.FormValue("store"), state)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	http.SetCookie(w, &http.Cookie{Name: "state", Value: state, Secure: true, HttpOnly: true})
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// back takes the merchant who has agreed.
func (a *app) back(w http.ResponseWriter, r *http.Request) {
	cookie, err := r.Cookie("state")
	if err != nil {
		http.Error(w, "begin at /install", http.StatusBadRequest)
		return
	}
	callback, err := a.oauth.ParseCallback(r.URL.Query(), cookie.Value)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	token, err := a.oauth.Exchange(r.Context(), callback.Store, callback.Code)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	if err := a.keep(r.Context(), callback.Store, token); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	fmt.Fprintln(w, "installed")
}

func (a *app) keep(ctx context.Context, store string, token *oauth2.Token) error {
	return a.oauth.SaveToken(ctx, store, a.tokens, token)
}

// client returns one for a store that has installed the app.
func (a *app) client(store string) (*shopline.Client, error) {
	source, err := a.oauth.TokenSource(store, a.tokens)
	if err != nil {
		return nil, err
	}
	return shopline.NewClient(shopline.Config{Handle: store, TokenSource: source, Options: a.oauth.Options})
}

// deliver looks up the customer in a delivery.
func (a *app) deliver(ctx context.Context, d *souk.Delivery) error {
	event, ok := d.Event.(*shopline.Customer)
	if !ok {
		log.Print(d.Store, d.Topic, d.EventErr)
		return nil
	}
	client, err := a.client(d.Store)
	if err != nil {
		return err
	}
	customer, err := client.Customers.Get(ctx, event.ID, shopline.GetCustomerRequest{})
	if errors.Is(err, souk.ErrReauthorize) {
		return a.tokens.Delete(ctx, a.oauth.TokenKey(d.Store))
	}
	if err != nil {
		return err
	}
	fmt.Println(d.Store, customer.ID, customer.Email)
	return nil
}
