package souk

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strconv"

	"github.com/souk-go/souk/internal/mask"
)

// RowError reports a row of an answer that cannot be read. It is [ErrUnreadable]. The
// other rows are not lost: List returns the page and the error, a walk yields the error
// and goes on. For the single object of a Create, Get or Update, the operation was
// carried out nevertheless.
//
// errors.As also finds the *Error of the call.
type RowError struct {
	// Index is the row's place in its page, from 0; it is -1 for an object that is not
	// in a list.
	Index int
	// ID is the row's id, empty if it could not be read either.
	ID string `json:"-"`
	// Raw is the row as received. It can hold personal data and appears in no text.
	Raw json.RawMessage `json:"-"`
	// Err is the *Error of the call, whose Message says what cannot be read.
	Err error
}

// Error returns a text without the row's id and values.
func (e *RowError) Error() string {
	text := "a row cannot be read"
	if e.Err != nil {
		text = e.Err.Error()
	}
	if e.Index < 0 {
		return text
	}
	return text + " (row " + strconv.Itoa(e.Index) + " of the page)"
}

// Unwrap returns Err.
func (e *RowError) Unwrap() error { return e.Err }

// Format prints the text of Error for every verb of fmt.
func (e RowError) Format(f fmt.State, verb rune) { mask.Format(f, verb, e.Error()) }

// LogValue returns the error as attributes, without the row.
func (e RowError) LogValue() slog.Value {
	return slog.GroupValue(slog.Int("row", e.Index), slog.Any("error", e.Err))
}
