package testkit

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"sync"
)

// Log collects what is logged, at every level.
type Log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Logger returns a logger that writes to l.
func (l *Log) Logger() *slog.Logger {
	return slog.New(slog.NewJSONHandler(l, &slog.HandlerOptions{Level: slog.Level(-100)}))
}

// Write takes one record, as JSON.
func (l *Log) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

// Text returns everything that was logged, one record in JSON per line.
func (l *Log) Text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// Records returns the members of every record: time, level, msg and its
// attributes, as encoding/json decodes them. Durations are in nanoseconds.
func (l *Log) Records() []map[string]any {
	var records []map[string]any
	d := json.NewDecoder(bytes.NewReader([]byte(l.Text())))
	for {
		var record map[string]any
		if d.Decode(&record) != nil {
			return records
		}
		records = append(records, record)
	}
}
