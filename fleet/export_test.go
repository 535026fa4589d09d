package fleet

import (
	"context"
	"time"
)

// ReserveForTest takes the next turn, or a place in the line, and returns when to ask again.
func ReserveForTest(ctx context.Context, l *Limiter, id string) (time.Duration, error) {
	return l.reserve(ctx, id)
}

// KnownForTest asks for a turn and reports whether Redis has answered.
func KnownForTest(ctx context.Context, l *Limiter) bool {
	_, _ = l.reserve(ctx, "test")
	l.mu.Lock()
	defer l.mu.Unlock()
	return !l.alone
}

// SettingForTest returns the setting that an error names.
func SettingForTest(err error) string { return settingFor(err) }

// ProblemsForTest returns what is wrong with a server of which INFO says this.
func ProblemsForTest(info string) []error { return serverProblems(parseInfo(info)) }
