package souk_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/souk-go/souk/xclade"
	"github.com/souk-go/souk/xclade/xcladetest"
)

// This export goes on where kill -9 has ended it. It saves a position after it has
// written the rows before it: so after a kill some rows come again, and none is missed.
func ExampleWalk() {
	server := xcladetest.NewServer()
	defer server.Close()
	server.Seed(250)
	dir, _ := os.MkdirTemp("", "export")
	defer os.RemoveAll(dir)
	for _, killedIn := range []int{60, 140, 1000} { // rows; it is started three times
		fmt.Println(export(server.Config(), dir, killedIn))
	}
	rows, _ := os.ReadFile(dir + "/rows")
	fmt.Println(bytes.Count(rows, []byte("\n")), "rows of 250 customers")
	// Output:
	// killed at customer60@example.test
	// killed at customer189@example.test
	// <nil>
	// 270 rows of 250 customers
}

func export(cfg xclade.Config, dir string, killedIn int) error {
	client, err := xclade.NewClient(cfg)
	if err != nil {
		return err
	}
	out, err := os.OpenFile(dir+"/rows", os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer out.Close()
	position, _ := os.ReadFile(dir + "/position") // in the beginning there is none
	walk := client.Customers.Walk(xclade.ListCustomersRequest{}, string(position))
	n := 0
	for customer, err := range walk.All(context.Background()) {
		if err != nil {
			return err // the next start tries again
		}
		if n++; n == killedIn {
			return errors.New("killed at " + customer.Email)
		}
		if _, err := fmt.Fprintln(out, customer.Email); err != nil {
			return err
		}
		if n%10 != 0 {
			continue
		}
		if err := os.WriteFile(dir+"/new", []byte(walk.Position()), 0o600); err != nil {
			return err
		}
		if err := os.Rename(dir+"/new", dir+"/position"); err != nil {
			return err
		}
	}
	return nil
}
