package loosejson

import (
	"strings"
	"sync"
	"time"
)

// location returns the zone that PHP names in the way of that kind, and zone if
// it names none.
func location(kind int64, name string, zone *time.Location) (*time.Location, bool) {
	switch {
	case name == "" || name == zone.String():
		return zone, true
	case kind == zoneOffset || strings.HasPrefix(name, "+") || strings.HasPrefix(name, "-"):
		return offset(name)
	case kind == zoneAbbreviation:
		return abbreviation(name)
	case name == "Local": // the zone of this computer, which the vendor does not know
		return nil, false
	}
	return named(name)
}

// offset reads +03:00, +0300 and +03.
func offset(name string) (*time.Location, bool) {
	for _, layout := range []string{"-07:00", "-0700", "-07"} {
		parsed, err := time.Parse(layout, name)
		if err != nil {
			continue
		}
		_, seconds := parsed.Zone()
		const day = 24 * 60 * 60 // which RFC 3339 cannot write
		return time.FixedZone(name, seconds), -day < seconds && seconds < day
	}
	return nil, false
}

// abbreviation reads an abbreviation like PHP, for which AST is Atlantic time, not
// Riyadh time. PHP abbreviates the latter as +03.
func abbreviation(name string) (*time.Location, bool) {
	minutes, ok := map[string]int{
		"UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 60, "BST": 60,
		"CET": 60, "CEST": 120, "EET": 120, "EEST": 180, "MSK": 180,
		"AST": -240, "EST": -300, "EDT": -240, "CST": -360, "CDT": -300,
		"MST": -420, "MDT": -360, "PST": -480, "PDT": -420,
	}[strings.ToUpper(name)]
	return time.FixedZone(name, minutes*60), ok
}

// zones are the zones that were loaded, by name: at most as many as the database
// has. A page of dates names one zone many times, and it takes some kilobytes.
var zones = struct {
	sync.Mutex
	byName map[string]*time.Location
}{byName: make(map[string]*time.Location)}

func named(name string) (*time.Location, bool) {
	zones.Lock()
	defer zones.Unlock()
	if zone, ok := zones.byName[name]; ok {
		return zone, true
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, false
	}
	zones.byName[strings.Clone(name)] = zone
	return zone, true
}
