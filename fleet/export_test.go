package fleet

import (
	"context"
	"time"
)

// ReserveForTest takes a turn and returns how long to wait for it.
func ReserveForTest(ctx context.Context, l *Limiter) (time.Duration, error) {
	t, err := l.reserve(ctx)
	return t.wait, err
}

// WaitsForTest reports whether the limiter was given a turn that is yet to come.
func WaitsForTest(l *Limiter) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last.After(time.Now())
}

// KnownForTest asks for a turn and reports whether Redis has answered.
func KnownForTest(ctx context.Context, l *Limiter) bool {
	_, _ = l.reserve(ctx)
	l.mu.Lock()
	defer l.mu.Unlock()
	return !l.alone
}

// SettingForTest returns the setting that an error names.
func SettingForTest(err error) string { return settingFor(err) }

// ProblemsForTest returns what is wrong with a server of which INFO says this.
func ProblemsForTest(info string) []error { return serverProblems(parseInfo(info)) }
