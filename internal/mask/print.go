package mask

import (
	"fmt"
	"io"
	"log/slog"
)

// Format prints text in place of a value that must not be shown, for every verb.
func Format(f fmt.State, verb rune, text string) {
	switch verb {
	case 'q', 's', 'x', 'X':
		fmt.Fprintf(f, fmt.FormatString(f, verb), text)
	default:
		_, _ = io.WriteString(f, text)
	}
}

// Print prints a value of a type without methods, whose secrets are masked, as fmt
// does.
func Print(f fmt.State, verb rune, plain any) { fmt.Fprintf(f, fmt.FormatString(f, verb), plain) }

// LogValue returns the value for a logger: as %+v prints it.
func LogValue(v any) slog.Value { return slog.StringValue(fmt.Sprintf("%+v", v)) }

// Secret returns a placeholder for a secret, or nothing if the secret is empty.
func Secret[T ~string](secret T) T {
	if secret == "" {
		return ""
	}
	return masked
}

// SecretAt is Secret for a pointer.
func SecretAt(secret *string) *string {
	if secret == nil {
		return nil
	}
	return new(Secret(*secret))
}
