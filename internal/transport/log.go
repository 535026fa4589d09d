package transport

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/souk-go/souk"
)

// log records the attempt. Only the attributes here are logged: no URL, header or body.
func (x *exchange) log(ctx context.Context, started time.Time) {
	logger := x.client.logger
	if logger == nil {
		return
	}
	defer x.panics.Keep()
	level := x.level()
	if !logger.Enabled(ctx, level) {
		return
	}
	attrs := append(x.callAttrs(), slog.Int("status", x.answer.StatusCode))
	if word := x.failureWord(); word != "" {
		attrs = append(attrs, slog.String("failure", string(word)))
	}
	logger.LogAttrs(ctx, level, "request", append(attrs,
		slog.Int("attempt", x.attempts),
		slog.Duration("duration", time.Since(started)),
		slog.String("request_id", x.shownID(x.answer.Header)),
	)...)
}

// logWait records a long wait: before it if its length is known, otherwise after it.
func (x *exchange) logWait(ctx context.Context, reason souk.WaitReason, d time.Duration) {
	logger := x.client.logger
	if logger == nil || d <= time.Second {
		return
	}
	defer x.panics.Keep()
	if !logger.Enabled(ctx, slog.LevelInfo) {
		return
	}
	x.longWait = true
	logger.LogAttrs(ctx, slog.LevelInfo, "wait", append(x.callAttrs(),
		slog.String("reason", string(reason)),
		slog.Duration("duration", d),
	)...)
}

func (x *exchange) callAttrs() []slog.Attr {
	return append(make([]slog.Attr, 0, 8),
		slog.String("vendor", x.client.vendor.Name),
		slog.String("method", x.call.Method),
		slog.String("route", x.call.Route),
	)
}

// level returns WARN if something went wrong.
func (x *exchange) level() slog.Level {
	if x.kind == success || x.kind == refused && x.expected() {
		return slog.LevelDebug
	}
	return slog.LevelWarn
}

// expected reports whether a refusal is normal, such as when a program looks up a new
// customer: not found, or already exists, which some vendors report as an ordinary 422.
// A missing route is not expected.
func (x *exchange) expected() bool {
	switch x.answer.StatusCode {
	case http.StatusNotFound:
		return !x.verdict.NoRoute
	case http.StatusConflict, http.StatusUnprocessableEntity:
		return true
	}
	class := x.refusedClass()
	return errors.Is(class, souk.ErrNotFound) || errors.Is(class, souk.ErrAlreadyExists)
}
