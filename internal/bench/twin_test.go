package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"
)

// twin is the client that a careful programmer writes by hand: typed, with a
// timeout for each request, a capped and pooled read buffer and a transport that
// keeps its connections. It has no retries, no quota and no error types.
type twin struct {
	base   string
	token  string
	room   int // rows to set room aside for
	client http.Client
}

type twinCustomer struct {
	ID          string         `json:"id"`
	Email       string         `json:"email"`
	CompanyName string         `json:"company_name"`
	FirstName   string         `json:"first_name"`
	LastName    string         `json:"last_name"`
	Phone       string         `json:"phone"`
	Metadata    map[string]any `json:"metadata"`
	HasAccount  bool           `json:"has_account"`
	CreatedBy   string         `json:"created_by"`
	CreatedAt   time.Time      `json:"created_at"`
	UpdatedAt   time.Time      `json:"updated_at"`
	DeletedAt   *time.Time     `json:"deleted_at"`
}

type twinCreate struct {
	Email       string         `json:"email"`
	CompanyName string         `json:"company_name,omitempty"`
	FirstName   string         `json:"first_name,omitempty"`
	LastName    string         `json:"last_name,omitempty"`
	Phone       string         `json:"phone,omitempty"`
	Metadata    map[string]any `json:"metadata,omitempty"`
}

type twinPage struct {
	Customers []twinCustomer `json:"customers"`
	Count     int            `json:"count"`
	Offset    int            `json:"offset"`
	Limit     int            `json:"limit"`
}

const (
	twinTimeout = 30 * time.Second
	twinMaxBody = 32 << 20
)

func newTwin(base string) *twin {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConns = 1024
	transport.MaxIdleConnsPerHost = 64
	transport.MaxConnsPerHost = 64
	transport.ReadBufferSize = 16 << 10
	return &twin{base: base, token: "token", client: http.Client{Transport: transport}}
}

func (t *twin) create(ctx context.Context, customer twinCreate) (*twinCustomer, error) {
	body, err := json.Marshal(customer)
	if err != nil {
		return nil, err
	}
	var out struct {
		Customer *twinCustomer `json:"customer"`
	}
	if err := t.do(ctx, http.MethodPost, "/admin/customers", bytes.NewReader(body), &out); err != nil {
		return nil, err
	}
	return out.Customer, nil
}

// list asks for a page of the customers behind an id.
func (t *twin) list(ctx context.Context, limit int, after string) (*twinPage, error) {
	query := url.Values{"limit": {strconv.Itoa(limit)}}
	if after != "" {
		query.Set("id[$gt]", after)
		query.Set("order", "id")
	}
	var page twinPage
	if t.room > 0 {
		page.Customers = make([]twinCustomer, 0, t.room)
	}
	if err := t.do(ctx, http.MethodGet, "/admin/customers?"+query.Encode(), nil, &page); err != nil {
		return nil, err
	}
	return &page, nil
}

// all calls each with every page, while the next one is on its way.
func (t *twin) all(ctx context.Context, limit int, each func(*twinPage)) error {
	type fetched struct {
		page *twinPage
		err  error
	}
	fetch := func(after string) <-chan fetched {
		done := make(chan fetched, 1)
		go func() {
			page, err := t.list(ctx, limit, after)
			done <- fetched{page, err}
		}()
		return done
	}
	next := fetch("")
	for next != nil {
		got := <-next
		if got.err != nil {
			return got.err
		}
		next = nil
		if rows := got.page.Customers; len(rows) > 0 && len(rows) < got.page.Count {
			next = fetch(rows[len(rows)-1].ID)
		}
		each(got.page)
	}
	return nil
}

var twinBuffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func (t *twin) do(ctx context.Context, method, path string, body io.Reader, out any) error {
	ctx, cancel := context.WithTimeout(ctx, twinTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, t.base+path, body)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+t.token)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "twin/1.0")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := t.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	buf := twinBuffers.Get().(*bytes.Buffer)
	defer twinBuffers.Put(buf)
	buf.Reset()
	if _, err := buf.ReadFrom(io.LimitReader(resp.Body, twinMaxBody)); err != nil {
		return err
	}
	if resp.StatusCode >= 300 {
		return fmt.Errorf("%s %s: %s", method, path, resp.Status)
	}
	return json.Unmarshal(buf.Bytes(), out)
}
