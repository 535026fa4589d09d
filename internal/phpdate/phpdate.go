// Package phpdate decodes the dates of shops in Riyadh as PHP prints them.
//
// It is apart from package loosejson because it links the zone database.
package phpdate

import (
	"encoding/json"
	"sync"
	"time"
	_ "time/tzdata" // names of zones must work in containers without a zone database

	"github.com/souk-go/souk/internal/loosejson"
)

// Time is a point in time as PHP prints it, local to Riyadh unless it names
// another zone. Salla sends dates so:
//
//	{"date":"2020-04-02 22:43:26.000000","timezone_type":3,"timezone":"Asia/Riyadh"}
//	{"date":"2020-04-02 22:43:26.000000"}
//	"2020-01-01 01:01:00.000000"
//
// timezone is an offset ("+03:00") if timezone_type is 1, an abbreviation ("EST") if it
// is 2, and a name if it is 3.
type Time time.Time

// UnmarshalJSON decodes what [loosejson.Date] reads.
func (t *Time) UnmarshalJSON(data []byte) error {
	date, err := loosejson.Date(data, Riyadh())
	if err != nil {
		return err
	}
	*t = Time(date)
	return nil
}

// MarshalJSON encodes RFC 3339, or null for the zero time.
func (t Time) MarshalJSON() ([]byte, error) {
	if time.Time(t).IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(time.Time(t))
}

const riyadhName = "Asia/Riyadh"

// Riyadh returns the zone of Riyadh. It is loaded once, because almost every
// date is in it.
func Riyadh() *time.Location { return riyadh() }

var riyadh = sync.OnceValue(func() *time.Location {
	return load(riyadhName, time.FixedZone(riyadhName, 3*60*60))
})

// load returns the zone of that name, or fallback if there is no zone database.
func load(name string, fallback *time.Location) *time.Location {
	named, err := time.LoadLocation(name)
	if err != nil {
		return fallback
	}
	return named
}
