package loosejson

import (
	"encoding/json"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // names of zones must work in containers without a zone database
)

// Time is a point in time as PHP prints it, local to Riyadh unless it names
// another zone. Salla sends dates so:
//
//	{"date":"2020-04-02 22:43:26.000000","timezone_type":3,"timezone":"Asia/Riyadh"}
//	{"date":"2020-04-02 22:43:26.000000"}
//	"2020-01-01 01:01:00.000000"
//
// timezone is an offset ("+03:00") where timezone_type is 1, an abbreviation
// ("EST") where it is 2, and a name where it is 3.
type Time time.Time

// UnmarshalJSON decodes an object or a string as above, or one of the
// spellings of no date, which are null, "", {}, [] and the dates of the year
// zero; they give the zero time. A string may also be a date alone, or RFC
// 3339. An unknown zone is an error.
func (t *Time) UnmarshalJSON(data []byte) error {
	const want = "PHP date"
	var dump struct {
		Date String `json:"date"`
		Type Int    `json:"timezone_type"`
		Zone String `json:"timezone"`
	}
	switch {
	case emptyList(data):
	case first(data) == '{':
		if err := decode(data, &dump, want); err != nil {
			return err
		}
	default:
		text, err := scalar(data, want)
		if err != nil {
			return err
		}
		dump.Date = String(text)
	}

	zone, ok := location(int64(dump.Type), string(dump.Zone))
	if !ok {
		return &Error{Want: "known time zone", Got: "unknown one", Field: "timezone"}
	}
	parsed, ok := parse(strings.TrimSpace(string(dump.Date)), zone)
	if !ok {
		return &Error{Want: want, Got: "other text", Field: "date"}
	}
	*t = Time(parsed)
	return nil
}

// MarshalJSON encodes RFC 3339, or null for the zero time.
func (t Time) MarshalJSON() ([]byte, error) {
	if time.Time(t).IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(time.Time(t))
}

// parse reads a date in zone. Go's parser takes a fraction of a second after
// any of these layouts that end in seconds.
func parse(text string, zone *time.Location) (time.Time, bool) {
	// The second is how PHP prints the first.
	if text == "" || strings.HasPrefix(text, "0000-00-00") || strings.HasPrefix(text, "-0001-11-30") {
		return time.Time{}, true
	}
	for _, layout := range []string{time.DateTime, time.DateOnly, time.RFC3339, "2006-01-02T15:04:05"} {
		if parsed, err := time.ParseInLocation(layout, text, zone); err == nil {
			return parsed, true
		}
	}
	return time.Time{}, false
}

// PHP's numbers for the ways to give a zone.
const (
	zoneOffset       = 1
	zoneAbbreviation = 2
)

func location(kind int64, zone string) (*time.Location, bool) {
	switch {
	case zone == "" || zone == riyadhName:
		return riyadh(), true
	case kind == zoneOffset || strings.HasPrefix(zone, "+") || strings.HasPrefix(zone, "-"):
		return offset(zone)
	case kind == zoneAbbreviation:
		return abbreviation(zone)
	case zone == "Local": // the zone of this computer, which the vendor does not know
		return nil, false
	}
	named, err := time.LoadLocation(zone)
	return named, err == nil
}

// offset reads +03:00, +0300 and +03.
func offset(zone string) (*time.Location, bool) {
	for _, layout := range []string{"-07:00", "-0700", "-07"} {
		parsed, err := time.Parse(layout, zone)
		if err != nil {
			continue
		}
		_, seconds := parsed.Zone()
		const day = 24 * 60 * 60 // which RFC 3339 cannot write
		return time.FixedZone(zone, seconds), -day < seconds && seconds < day
	}
	return nil, false
}

// abbreviation reads an abbreviation the way PHP does, which takes AST for the
// time of the Atlantic. PHP itself abbreviates Riyadh's time as +03.
func abbreviation(zone string) (*time.Location, bool) {
	minutes, ok := map[string]int{
		"UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 60, "BST": 60,
		"CET": 60, "CEST": 120, "EET": 120, "EEST": 180, "MSK": 180,
		"AST": -240, "EST": -300, "EDT": -240, "CST": -360, "CDT": -300,
		"MST": -420, "MDT": -360, "PST": -480, "PDT": -420,
	}[strings.ToUpper(zone)]
	return time.FixedZone(zone, minutes*60), ok
}

const riyadhName = "Asia/Riyadh"

// riyadh is loaded once, because almost every date names it.
var riyadh = sync.OnceValue(func() *time.Location {
	return load(riyadhName, time.FixedZone(riyadhName, 3*60*60))
})

// load returns the zone of that name, or fallback where there is no zone
// database.
func load(name string, fallback *time.Location) *time.Location {
	named, err := time.LoadLocation(name)
	if err != nil {
		return fallback
	}
	return named
}
