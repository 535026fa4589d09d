package transport

import (
	"context"
	"log/slog"
	"time"
)

// log records the attempt. What it may say is listed here and nowhere else: no
// URL, no header, no body.
func (x *exchange) log(ctx context.Context, started time.Time) {
	logger := x.client.logger
	if logger == nil {
		return
	}
	level := slog.LevelDebug
	if x.kind != success {
		level = slog.LevelWarn
	}
	if !logger.Enabled(ctx, level) {
		return
	}
	logger.LogAttrs(ctx, level, "request",
		slog.String("vendor", x.client.vendor.Name),
		slog.String("method", x.call.Method),
		slog.String("route", x.call.Route),
		slog.Int("status", x.answer.StatusCode),
		slog.Int("attempt", x.attempts),
		slog.Duration("duration", time.Since(started)),
		slog.String("request_id", x.requestID()),
	)
}
