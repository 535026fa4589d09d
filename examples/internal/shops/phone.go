package shops

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// E164 returns a phone number as "+4930123456". One without a country's code is of the
// region, such as "SA".
func E164(text, region string) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", nil
	}
	if rest, ok := strings.CutPrefix(text, "00"); ok {
		text = "+" + rest
	}
	number, err := phonenumbers.Parse(text, region)
	if err != nil || !phonenumbers.IsPossibleNumber(number) {
		return "", fmt.Errorf("phone: no number that can be called, or one without its country's code")
	}
	return phonenumbers.Format(number, phonenumbers.E164), nil
}

// IsRegion reports whether there are phone numbers of a region; none is one, too.
func IsRegion(region string) bool {
	return region == "" || phonenumbers.GetSupportedRegions()[strings.ToUpper(region)]
}

// nearly returns the number, or what the shop has if that is none.
func nearly(text string) string {
	if number, err := E164(text, ""); err == nil {
		return number
	}
	return text
}

// parts returns "+49" and "30123456".
func parts(e164 string) (code, national string) {
	number, err := phonenumbers.Parse(e164, "")
	if err != nil {
		return "", e164
	}
	return "+" + strconv.Itoa(int(number.GetCountryCode())), phonenumbers.GetNationalSignificantNumber(number)
}
