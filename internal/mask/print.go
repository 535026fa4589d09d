package mask

import (
	"fmt"
	"io"
	"log/slog"
)

// Format prints text, in place of a value that holds what must not be shown, for
// whatever verb.
func Format(f fmt.State, verb rune, text string) {
	switch verb {
	case 'q', 's', 'x', 'X':
		fmt.Fprintf(f, fmt.FormatString(f, verb), text)
	default:
		_, _ = io.WriteString(f, text)
	}
}

// Print prints a value of a type without methods, whose secrets are masked, as fmt
// prints any other.
func Print(f fmt.State, verb rune, plain any) { fmt.Fprintf(f, fmt.FormatString(f, verb), plain) }

// LogValue is how a logger shows a value: as %+v prints it.
func LogValue(v any) slog.Value { return slog.StringValue(fmt.Sprintf("%+v", v)) }

// Secret returns what stands in the place of a secret: nothing where there is none.
func Secret[T ~string](secret T) T {
	if secret == "" {
		return ""
	}
	return masked
}

// SecretAt does the same behind a pointer.
func SecretAt(secret *string) *string {
	if secret == nil {
		return nil
	}
	return new(Secret(*secret))
}
