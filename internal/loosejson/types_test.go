package loosejson_test

import (
	"encoding/json"
	"errors"
	"time"
)

// customer is like the types of the vendors.
type customer struct {
	ID        string            `json:"id"`
	Number    int64             `json:"number"`
	Name      string            `json:"name"`
	StoreID   string            `json:"store_id"`
	Sum       float64           `json:"sum"`
	Points    json.Number       `json:"points"`
	Active    bool              `json:"active"`
	Verified  *bool             `json:"verified"`
	Birthday  time.Time         `json:"birthday"`
	LastVisit *time.Time        `json:"last_visit"`
	Tags      []string          `json:"tags"`
	Groups    []int64           `json:"groups"`
	State     state             `json:"state"`
	Stats     *stats            `json:"stats"`
	Addresses []address         `json:"addresses"`
	Default   address           `json:"default_address"`
	Labels    map[string]string `json:"labels"`
	Metadata  map[string]any    `json:"metadata"`
	Extra     json.RawMessage   `json:"extra"`
}

type address struct {
	ID      string `json:"id"`
	City    string `json:"city"`
	Default bool   `json:"default"`
}

type stats struct {
	Orders int `json:"orders"`
}

// list is a page of a list.
type list[T any] struct {
	Rows  []T `json:"rows"`
	Total int `json:"total"`
}

// state is an enum that decodes itself from a number only.
type state int

func (s *state) UnmarshalJSON(data []byte) error {
	var n int
	if err := json.Unmarshal(data, &n); err != nil {
		return err
	}
	*s = state(n)
	return nil
}

// level is an enum that decodes itself from a word, and a number that is not
// negative.
type level int

func (l *level) UnmarshalJSON(data []byte) error {
	if string(data) == `"high"` {
		*l = 1000
		return nil
	}
	var n uint16
	if err := json.Unmarshal(data, &n); err != nil {
		return err
	}
	*l = level(n)
	return nil
}

// instant is a date that decodes itself.
type instant time.Time

func (i *instant) UnmarshalJSON(data []byte) error { return (*time.Time)(i).UnmarshalJSON(data) }

// code decodes itself from a text.
type code struct{ text string }

func (c *code) UnmarshalText(text []byte) error {
	if len(text) > 3 {
		return errors.New("too long")
	}
	c.text = string(text)
	return nil
}

// person decodes itself in its own way: birthday has an old name, mobile is
// always a number, and name may come in two parts.
type person struct {
	ID       int64     `json:"id"`
	Name     string    `json:"name"`
	Mobile   string    `json:"mobile"`
	Birthday time.Time `json:"birthday"`
	Groups   []int64   `json:"groups"`
	Address  address   `json:"address"`
	State    state     `json:"state"`
}

func (p *person) UnmarshalJSON(data []byte) error {
	type plain person
	wire := struct {
		*plain
		Mobile json.Number `json:"mobile"`
		Name   any         `json:"name"`
		Old    time.Time   `json:"brithday"`
	}{plain: (*plain)(p)}
	if err := json.Unmarshal(data, &wire); err != nil {
		return err
	}
	p.Mobile = wire.Mobile.String()
	switch name := wire.Name.(type) {
	case string:
		p.Name = name
	case map[string]any:
		first, _ := name["first"].(string)
		last, _ := name["last"].(string)
		p.Name = first + " " + last
	case nil:
	default:
		return errors.New("not a name")
	}
	if p.Birthday.IsZero() {
		p.Birthday = wire.Old
	}
	return nil
}
