package main

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/souk-go/souk/souktest"
)

// parseFault reads "operation=Customers.Create,status=503,times=2".
func parseFault(text string) (souktest.Fault, error) {
	var f souktest.Fault
	for setting := range strings.SplitSeq(text, ",") {
		name, value, _ := strings.Cut(setting, "=")
		if err := set(&f, name, value); err != nil {
			return f, fmt.Errorf("%s: %w", name, err)
		}
	}
	return f, nil
}

func set(f *souktest.Fault, name, value string) (err error) {
	switch name {
	case "operation":
		f.Operation = value
	case "method":
		f.Method = strings.ToUpper(value)
	case "path":
		f.Path = value
	case "times":
		f.Times, err = strconv.Atoi(value)
	case "delay":
		f.Delay, err = time.ParseDuration(value)
	case "processed":
		f.Processed = true
	case "drop":
		f.Drop = true
	case "status":
		f.Status, err = statusOf(value)
	case "retry-after":
		f.Header = http.Header{"Retry-After": {value}}
	case "body":
		f.Body = value
	case "truncate":
		f.Truncate, err = strconv.Atoi(value)
	default:
		err = fmt.Errorf("no such setting; there are operation, method, path, times, delay, processed, drop, status, retry-after, body and truncate")
	}
	return err
}

func statusOf(text string) (int, error) {
	status, err := strconv.Atoi(text)
	if err != nil || status != http.StatusSwitchingProtocols && (status < 200 || status > 599) {
		return 0, fmt.Errorf("must be an HTTP status from 200 to 599, or 101")
	}
	return status, nil
}
