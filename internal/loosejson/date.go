package loosejson

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"
)

// Date returns the time in a JSON value, in zone unless it names another. The value is
// a text, with or without a time of day,
//
//	"2020-04-02T22:43:26.5Z"
//	"2020-04-02 22:43:26 +0300"
//	"2020-04-02"
//
// or what PHP makes of a date:
//
//	{"date":"2020-04-02 22:43:26.000000","timezone_type":3,"timezone":"Asia/Riyadh"}
//
// The time is zero for null, "", {}, [] and the dates of the year zero. Any other
// spelling is an [*Error], and so is an unknown zone.
func Date(data []byte, zone *time.Location) (time.Time, error) {
	if first(data) == '{' {
		return phpDate(data, zone)
	}
	if emptyList(data) {
		return time.Time{}, nil
	}
	text, err := scalar(data, wantDate)
	if err != nil {
		return time.Time{}, err
	}
	return parseDate(text, zone)
}

const wantDate = "date"

func emptyList(data []byte) bool {
	inner, ok := bytes.CutPrefix(bytes.TrimSpace(data), []byte("["))
	return ok && string(bytes.TrimSpace(inner)) == "]"
}

// PHP's numbers for the ways to name a zone. A third stands for a name such as
// Asia/Riyadh.
const (
	zoneOffset       = 1
	zoneAbbreviation = 2
)

func phpDate(data []byte, zone *time.Location) (time.Time, error) {
	if text, ok := printedIn(data, zone); ok {
		return parseDate(text, zone)
	}
	var dump struct {
		Date String `json:"date"`
		Type Int    `json:"timezone_type"`
		Zone String `json:"timezone"`
	}
	if err := decode(data, &dump, wantDate); err != nil {
		return time.Time{}, err
	}
	data = bytes.TrimSpace(data)
	if dump.Date == "" && !isNone(data) && member(data, "date") == nil {
		return time.Time{}, unexpected(wantDate, data)
	}
	named, ok := location(int64(dump.Type), string(dump.Zone), zone)
	if !ok {
		return time.Time{}, &Error{Want: "known time zone", Got: "unknown one", Field: "timezone"}
	}
	return parseDate(string(dump.Date), named)
}

// printedIn returns the date of an object that holds only a date and this zone, as
// almost every object does.
func printedIn(data []byte, zone *time.Location) (text string, ok bool) {
	if !json.Valid(data) {
		return "", false
	}
	c := cursor{data: data}
	for c.open(); c.more(); {
		switch key, value := string(c.key()), c.skip(); {
		case key == `"date"` && text == "":
			text, ok = plainText(value)
		case key == `"timezone"` && value[0] == '"' && string(value[1:len(value)-1]) == zone.String():
		case key == `"timezone_type"` && len(value) == 1 && isNumber(value):
		default:
			return "", false
		}
	}
	return text, ok && text != ""
}

// parseDate reads a date in zone. Go's parser takes a fraction of a second after
// any layout that ends in seconds.
func parseDate(text string, zone *time.Location) (time.Time, error) {
	text = strings.TrimSpace(text)
	// The second is how PHP prints the first.
	if text == "" || strings.HasPrefix(text, "0000-00-00") || strings.HasPrefix(text, "-0001-11-30") {
		return time.Time{}, nil
	}
	if day := len(time.DateOnly); len(text) > day && (text[day] == 'T' || text[day] == 't') {
		text = text[:day] + " " + text[day+1:]
	}
	for _, layout := range layouts {
		if date, err := time.ParseInLocation(layout, text, zone); err == nil {
			return date, nil
		}
	}
	return time.Time{}, &Error{Want: wantDate, Got: "other text", Field: "date"}
}

// layouts are the most frequent ones first.
var layouts = []string{
	time.DateTime,
	time.DateOnly,
	time.DateTime + "Z07:00",
	time.DateTime + " Z07:00",
	time.DateTime + "Z0700",
	time.DateTime + " Z0700",
	time.DateTime + "Z07",
	time.DateTime + " Z07",
}
