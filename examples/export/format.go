package main

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/examples/internal/shops"
)

// format is how rows stand in a file.
type format struct {
	name string
	// writer returns a function that writes a row, all of it or an error. first says
	// that the file is empty.
	writer func(w io.Writer, first bool) func(shops.Row) error
	// ids returns the ids of the customers in a file.
	ids func(name string) (map[string]bool, error)
}

func formatOf(name string) format {
	if strings.EqualFold(filepath.Ext(name), ".csv") {
		return format{"csv", csvWriter, csvIDs}
	}
	return format{"json", jsonWriter, jsonIDs}
}

// jsonWriter writes the customer as the vendor's package has it, after its id.
func jsonWriter(w io.Writer, _ bool) func(shops.Row) error {
	return func(row shops.Row) error {
		text, err := json.Marshal(struct {
			ID       string `json:"id"`
			Customer any    `json:"customer"`
		}{row.Contact.ID, row.Raw})
		if err != nil {
			return err
		}
		_, err = w.Write(append(text, '\n'))
		return err
	}
}

func jsonIDs(name string) (map[string]bool, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	ids := map[string]bool{}
	for decoder := json.NewDecoder(bufio.NewReader(f)); ; {
		var row struct {
			ID string `json:"id"`
		}
		switch err := decoder.Decode(&row); {
		case errors.Is(err, io.EOF):
			return ids, nil
		case err != nil:
			return nil, err
		}
		ids[row.ID] = true
	}
}

var header = []string{
	"id", "email", "phone", "first_name", "last_name", "company", "birthday", "gender", "note", "tags", "accepts_marketing",
	"address1", "address2", "city", "province", "postal_code", "country", "country_code", "created_at",
}

func csvWriter(w io.Writer, first bool) func(shops.Row) error {
	return func(row shops.Row) error {
		var text strings.Builder
		lines := csv.NewWriter(&text)
		if first {
			first = false
			_ = lines.Write(header)
		}
		_ = lines.Write(record(row.Contact))
		lines.Flush()
		_, err := io.WriteString(w, text.String())
		return err
	}
}

// record has the first address only: a line has room for one.
func record(c shops.Contact) []string {
	var a shops.Address
	if len(c.Addresses) > 0 {
		a = c.Addresses[0]
	}
	marketing, created := "", ""
	if c.Marketing != nil {
		marketing = strconv.FormatBool(*c.Marketing)
	}
	if !c.CreatedAt.IsZero() {
		created = c.CreatedAt.UTC().Format(time.RFC3339)
	}
	return []string{
		c.ID, c.Email, c.Phone, c.FirstName, c.LastName, c.Company, c.Birthday, c.Gender, c.Note, strings.Join(c.Tags, ";"), marketing,
		a.Line1, a.Line2, a.City, a.Province, a.PostalCode, a.Country, a.CountryCode, created,
	}
}

func csvIDs(name string) (map[string]bool, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	ids := map[string]bool{}
	for reader := csv.NewReader(bufio.NewReader(f)); ; {
		fields, err := reader.Read()
		switch {
		case errors.Is(err, io.EOF):
			return ids, nil
		case err != nil:
			return nil, err
		}
		ids[fields[0]] = true
	}
}

// line is a row that cannot be read, as the server sent it, and why.
func line(lost *souk.RowError) []byte {
	text, err := json.Marshal(struct {
		Index int             `json:"index"`
		ID    string          `json:"id"`
		Error string          `json:"error"`
		Row   json.RawMessage `json:"row"`
	}{lost.Index, lost.ID, lost.Error(), lost.Raw})
	if err != nil { // the row is no JSON of its own
		text, _ = json.Marshal(map[string]string{"id": lost.ID, "error": lost.Error()})
	}
	return text
}
