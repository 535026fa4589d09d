package shops

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"golang.org/x/time/rate"

	"github.com/souk-go/souk"
)

// How says which store is opened.
type How struct {
	// Real is the store that the environment names, see the README. Otherwise it is a
	// stand-in with Seed customers.
	Real bool
	Seed int
	// Unlimited sends as fast as it can, for stand-ins in another process. Those in this
	// one have no limit.
	Unlimited bool
}

func (h How) options() souk.Options { return souk.Options{Limiter: h.limiter()} }

func (h How) limiter() souk.Limiter {
	if h.Real && !h.Unlimited {
		return nil
	}
	return rate.NewLimiter(rate.Inf, 1)
}

// store returns a text that differs among the vendor's stores, made of what the
// environment says of one.
func (h How) store(parts ...string) string {
	if !h.Real {
		return ""
	}
	sum := sha256.Sum256([]byte(strings.Join(parts, "\n")))
	return hex.EncodeToString(sum[:8])
}

var vendors = map[string]func(How) (*Shop, error){
	"salla": openSalla, "shopline": openShopline, "shoplazza": openShoplazza, "xclade": openXclade,
}

// Vendors returns their names.
func Vendors() []string { return []string{"salla", "shopline", "shoplazza", "xclade"} }

// Open returns the store of a vendor.
func Open(vendor string, how How) (*Shop, error) {
	open := vendors[vendor]
	switch {
	case vendor == "":
		return nil, fmt.Errorf("a vendor must be named; there are %s", strings.Join(Vendors(), ", "))
	case open == nil:
		return nil, fmt.Errorf("unknown vendor %q; there are %s", vendor, strings.Join(Vendors(), ", "))
	}
	shop, err := open(how)
	if err != nil && how.Real {
		return nil, Missing(vendor, err)
	}
	return shop, err
}

// variables are those that name a store and its credential.
var variables = map[string]string{
	"salla":     "SALLA_TOKEN",
	"shopline":  "SHOPLINE_HANDLE and SHOPLINE_TOKEN",
	"shoplazza": "SHOPLAZZA_SHOP and SHOPLAZZA_TOKEN",
	"xclade":    "XCLADE_TENANT or XCLADE_BASE_URL, and XCLADE_EMAIL with XCLADE_PASSWORD, XCLADE_TOKEN or XCLADE_API_KEY",
}

// Missing adds to why no client could be made what to set in the environment.
func Missing(vendor string, err error) error {
	return fmt.Errorf("%w\nThe store is the one of %s in the environment", err, variables[vendor])
}
