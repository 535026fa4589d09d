package matrix

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/commercengine"
	"github.com/souk-go/souk/salla"
	"github.com/souk-go/souk/shoplazza"
	"github.com/souk-go/souk/shopline"
	"github.com/souk-go/souk/xclade"
)

// What holds a nil pointer is found before it is used, at every vendor.
func TestInterfacesThatHoldNil(t *testing.T) {
	t.Parallel()
	type sourceAndStore struct {
		souk.TokenSource
		souk.TokenStore
	}
	var none *sourceAndStore
	token := &oauth2.Token{AccessToken: "a"}
	sallaApp := salla.OAuth{ClientID: "a", ClientSecret: "b", RedirectURL: "https://app.example"}
	shoplineApp := shopline.OAuth{ClientID: "a", ClientSecret: "b"}
	shoplazzaApp := shoplazza.OAuth{ClientID: "a", ClientSecret: "b"}
	for name, do := range map[string]func() error{
		"salla source":  func() error { _, err := salla.NewClient(salla.Config{TokenSource: none}); return err },
		"salla install": func() error { _, err := sallaApp.Install(t.Context(), "code", none); return err },
		"salla save":    func() error { return sallaApp.SaveToken(t.Context(), "1", none, token) },
		"salla tokens":  func() error { _, err := sallaApp.TokenSource("1", none); return err },
		"salla retry":   func() error { return sallaApp.RetryRefresh(t.Context(), "1", none) },
		"shopline source": func() error {
			_, err := shopline.NewClient(shopline.Config{Handle: "h", TokenSource: none})
			return err
		},
		"shopline save":   func() error { return shoplineApp.SaveToken(t.Context(), "h", none, token) },
		"shopline tokens": func() error { _, err := shoplineApp.TokenSource("h", none); return err },
		"shoplazza source": func() error {
			_, err := shoplazza.NewClient(shoplazza.Config{Shop: "s", TokenSource: none})
			return err
		},
		"shoplazza save":   func() error { return shoplazzaApp.SaveToken(t.Context(), "s", none, token) },
		"shoplazza tokens": func() error { _, err := shoplazzaApp.TokenSource("s", none); return err },
		"shoplazza retry":  func() error { return shoplazzaApp.RetryRefresh(t.Context(), "s", none) },
		"xclade source":    func() error { _, err := xclade.NewClient(xclade.Config{Tenant: "t", TokenSource: none}); return err },
		"commercengine from": func() error {
			_, err := commercengine.NewClient(commercengine.Config{StoreID: "s", TokenSource: none})
			return err
		},
		"commercengine store": func() error {
			_, err := commercengine.NewClient(commercengine.Config{StoreID: "s", APIKey: "k", SessionKey: "k", TokenStore: none})
			return err
		},
	} {
		err := do()
		assert.ErrorIs(t, err, souk.ErrInvalid, name)
		assert.Regexp(t, "(TokenSource|TokenStore|tokens): must not (be nil|hold a nil pointer)$", err, name)
	}
}
