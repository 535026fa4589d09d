package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"
)

// sending is a test delivery.
type sending struct {
	vendor, to, topic, file string
	times                   int
}

func (s sending) run(ctx context.Context, e environment, out io.Writer) error {
	i := slices.IndexFunc(vendors, func(v vendor) bool { return v.name == s.vendor })
	if i < 0 {
		return fmt.Errorf("-send must be one of %s", strings.Join(known(), ", "))
	}
	target, err := url.Parse(s.to)
	if err != nil || target.Host == "" || target.Scheme != "http" && target.Scheme != "https" {
		return errors.New("-to must be a URL such as http://127.0.0.1:8080")
	}
	r, err := s.delivery(vendors[i], e)
	if err != nil {
		return err
	}
	target.Path = strings.TrimSuffix(target.Path, "/") + "/" + s.vendor
	r.URL, r.Host = target, ""
	for range s.times {
		status, err := send(ctx, r)
		if err != nil {
			return err
		}
		fmt.Fprintln(out, status)
	}
	return nil
}

// delivery returns a signed delivery with what a file says, or an example.
func (s sending) delivery(v vendor, e environment) (*http.Request, error) {
	if e(v.variable) == "" {
		return nil, fmt.Errorf("set %s to the secret to sign with", v.variable)
	}
	topic, data := v.topic, []byte(v.data)
	if s.topic != "" {
		topic = s.topic
	}
	if s.file != "" {
		var err error
		if data, err = os.ReadFile(s.file); err != nil {
			return nil, fmt.Errorf("-data: %w", err)
		}
	}
	return v.delivery(e, topic, data)
}

// send sends r, as often as it is called, and returns the status of the answer.
func send(ctx context.Context, r *http.Request) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	r, err := again(ctx, r)
	if err != nil {
		return "", err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	return answer.Status, nil
}

// again returns a copy of a delivery that can be sent while r can be sent once more.
func again(ctx context.Context, r *http.Request) (*http.Request, error) {
	body, err := r.GetBody()
	if err != nil {
		return nil, err
	}
	r = r.Clone(ctx)
	r.Body = body
	return r, nil
}

// bodyOf returns the body of a delivery, which can be read again.
func bodyOf(r *http.Request) ([]byte, error) {
	body, err := r.GetBody()
	if err != nil {
		return nil, err
	}
	return io.ReadAll(body)
}
