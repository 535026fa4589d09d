package commercenginetest

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var phonePattern = regexp.MustCompile(`^[0-9]{10}$`)

// text returns a text of an object, empty where there is none.
func text(o object, name string) string {
	value, _ := o[name].(string)
	return value
}

// findings collects what is wrong with the fields of a request.
type findings object

func (f findings) err() error {
	if len(f) == 0 {
		return nil
	}
	return invalid(object(f))
}

// required wants texts that are not empty.
func (f findings) required(o object, names ...string) {
	for _, name := range names {
		if text(o, name) == "" {
			f[name] = []string{"is required"}
		}
	}
}

// nullable wants members that are there, be they null.
func (f findings) nullable(o object, names ...string) {
	for _, name := range names {
		value, there := o[name]
		if _, isText := value.(string); !there || value != nil && !isText {
			f[name] = []string{"is required, and may be null"}
		}
	}
}

func (f findings) phone(o object) {
	if !phonePattern.MatchString(text(o, "phone")) {
		f["phone"] = []string{"must be 10 digits"}
	}
	if code, there := o["country_code"]; there && code != nil && code != "+91" {
		f["country_code"] = []string{"must be +91"}
	}
}

func (f findings) email(o object) {
	if !strings.Contains(text(o, "email"), "@") {
		f["email"] = []string{"must be an e-mail address"}
	}
}

// pick returns the members of o with these names.
func pick(o object, names ...string) object {
	picked := object{}
	for _, name := range names {
		if value, there := o[name]; there {
			picked[name] = value
		}
	}
	return picked
}

// maxLimit is the size of the largest page. The vendor documents none.
const maxLimit = 100

// page cuts a page out of a list and says where it stands.
func page[T any](c *call, all []T) (part []T, pagination object, err error) {
	f := findings{}
	current := f.number(c, "page", 1)
	limit := min(f.number(c, "limit", 20), maxLimit)
	if err := f.err(); err != nil {
		return nil, nil, err
	}
	pages := (len(all) + limit - 1) / limit
	from := min((current-1)*limit, len(all))
	pagination = object{"total_records": len(all), "total_pages": pages, "previous_page": nil, "limit": limit, "next_page": nil}
	if current > 1 {
		pagination["previous_page"] = current - 1
	}
	if current < pages {
		pagination["next_page"] = current + 1
	}
	return append([]T{}, all[from:min(from+limit, len(all))]...), pagination, nil
}

// number wants a parameter that is at least 1, or is not there.
func (f findings) number(c *call, name string, fallback int) int {
	if !c.query.Has(name) {
		return fallback
	}
	n, err := strconv.Atoi(c.query.Get(name))
	if err != nil || n < 1 || n > maxNumber {
		f[name] = []string{"must be a whole number, and at least 1"}
		return fallback
	}
	return n
}

// maxNumber is beyond the end of any list.
const maxNumber = 1_000_000

// oneOf wants a parameter with one of some values, or none.
func (f findings) oneOf(c *call, name string, values ...string) {
	if value := c.query.Get(name); c.query.Has(name) && !slices.Contains(values, value) {
		f[name] = []string{"must be one of " + strings.Join(values, ", ")}
	}
}

// form is a body of multipart/form-data.
type form struct {
	fields object
	files  map[string][]byte
}

func (c *call) form() (form, error) {
	broken := &refusal{status: http.StatusBadRequest, code: "invalid_input", message: "The body is not a form"}
	media, params, err := mime.ParseMediaType(c.request.Header.Get("Content-Type"))
	if err != nil || media != "multipart/form-data" {
		return form{}, broken
	}
	f := form{fields: object{}, files: make(map[string][]byte)}
	reader := multipart.NewReader(bytes.NewReader(c.raw), params["boundary"])
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return f, nil
		}
		if err != nil {
			return form{}, broken
		}
		content, err := io.ReadAll(part)
		if err != nil {
			return form{}, broken
		}
		if part.FileName() == "" {
			f.fields[part.FormName()] = string(content)
			continue
		}
		f.files[part.FormName()] = content
	}
}
