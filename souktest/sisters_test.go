package souktest_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/souk-go/souk/commercengine/commercenginetest"
	"github.com/souk-go/souk/salla/sallatest"
	"github.com/souk-go/souk/shoplazza/shoplazzatest"
	"github.com/souk-go/souk/shopline/shoplinetest"
	"github.com/souk-go/souk/souktest"
	"github.com/souk-go/souk/xclade/xcladetest"
)

// sisters are the stand-ins.
var sisters = map[string]reflect.Type{
	"salla":         reflect.TypeFor[*sallatest.Server](),
	"commercengine": reflect.TypeFor[*commercenginetest.Server](),
	"shopline":      reflect.TypeFor[*shoplinetest.Server](),
	"shoplazza":     reflect.TypeFor[*shoplazzatest.Server](),
	"xclade":        reflect.TypeFor[*xcladetest.Server](),
}

// Who knows one stand-in can guess the others.
func TestStandInsHaveTheSameNames(t *testing.T) {
	t.Parallel()
	for method, vendors := range map[string]string{
		"Config":              "salla commercengine shopline shoplazza xclade",
		"Seed":                "salla commercengine shopline shoplazza xclade",
		"SetClock":            "salla commercengine shopline shoplazza xclade",
		"SetTokenLife":        "salla commercengine shopline shoplazza xclade",
		"ExpireTokens":        "salla commercengine shopline shoplazza xclade",
		"RevokeTokens":        "salla commercengine shopline shoplazza", // xclade's cannot be
		"OAuth":               "salla shopline shoplazza",
		"Authorize":           "salla shopline shoplazza",
		"Install":             "shopline shoplazza",            // Salla installs apps by itself
		"ReusedRefreshTokens": "salla commercengine shoplazza", // SHOPLINE has none
		"EnforceLimits":       "salla shopline shoplazza",      // no others are published
		"WebhookConfig":       "salla shopline shoplazza",
		"NewDelivery":         "salla shopline shoplazza",
	} {
		for vendor, server := range sisters {
			_, has := server.MethodByName(method)
			assert.Equal(t, strings.Contains(vendors, vendor), has, "%s of %s", method, vendor)
		}
	}
}

// What has the same name has the same form, types of the vendor's own apart.
func TestTheSameNameHasTheSameForm(t *testing.T) {
	t.Parallel()
	forms := map[string]string{}
	common := reflect.TypeFor[*souktest.Server]()
	for vendor, server := range sisters {
		for method := range server.Methods() {
			if _, inherited := common.MethodByName(method.Name); inherited || method.Name == "EnforceLimits" { // Salla's are of a plan
				continue
			}
			form := formOf(method.Type, vendor)
			if other := forms[method.Name]; other != "" {
				assert.Equal(t, other, form, "%s of %s", method.Name, vendor)
			}
			forms[method.Name] = form
		}
	}
}

// formOf spells the parameters and results of a method.
func formOf(method reflect.Type, vendor string) string {
	var parts []string
	for i := 1; i < method.NumIn(); i++ {
		parts = append(parts, kindOf(method.In(i), vendor))
	}
	parts = append(parts, "->")
	for i := range method.NumOut() {
		parts = append(parts, kindOf(method.Out(i), vendor))
	}
	return strings.Join(parts, " ")
}

func kindOf(t reflect.Type, vendor string) string {
	if name, own := strings.CutPrefix(t.String(), vendor+"."); own {
		if t.Kind() == reflect.String {
			return "its " + t.Kind().String()
		}
		return "its " + name
	}
	return t.String()
}
