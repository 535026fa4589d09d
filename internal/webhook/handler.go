package webhook

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/souk-go/souk"
)

const (
	// lifetime is how long a delivery is claimed, and how long the user's function
	// may take.
	lifetime = time.Minute
	// seenTimeout is how long a Seen may take, since vendors wait five seconds.
	seenTimeout = 3 * time.Second
)

// Handler returns a handler that passes each delivery on once. It answers 200 to what
// was handled, now or before, and a status on which vendors deliver again to all else.
func (r *Receiver) Handler(seen souk.Seen, handle func(context.Context, *souk.Delivery) error) (http.Handler, error) {
	r.Problems.NotNil("seen", seen)
	r.Problems.NotNil("handle", handle)
	if err := r.check(); err != nil {
		return nil, err
	}
	receiver := *r
	receiver.Secrets = slices.Clone(r.Secrets) // an emptied one would prove everything
	return &handler{receiver: &receiver, seen: seen, handle: handle}, nil
}

type handler struct {
	receiver *Receiver
	seen     souk.Seen
	handle   func(context.Context, *souk.Delivery) error
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	started := time.Now()
	o := h.serve(r)
	if o.status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", http.MethodPost)
	}
	w.WriteHeader(o.status)
	h.log(r.Context(), o, time.Since(started))
}

// outcome is the outcome of a delivery.
type outcome struct {
	status int
	// problem says what went wrong, empty if nothing did. It holds no words of the
	// vendor or the user's code.
	problem string
	// key identifies the delivery to Seen, empty if it is not proven.
	key string
}

func (h *handler) serve(r *http.Request) outcome {
	if r.Method != http.MethodPost {
		return outcome{status: http.StatusMethodNotAllowed, problem: "the request is not a POST"}
	}
	body, err := h.receiver.read(r)
	switch {
	case errors.Is(err, errTooLong):
		return outcome{status: http.StatusRequestEntityTooLarge, problem: err.Error()}
	case err != nil:
		return outcome{status: http.StatusBadRequest, problem: err.Error()}
	}
	d, err := h.receiver.parse(r.Header, body)
	if e, ok := errors.AsType[*souk.Error](err); ok {
		return outcome{status: http.StatusUnauthorized, problem: e.Message}
	}
	o := outcome{key: h.receiver.key(d)}
	o.status, o.problem = h.once(r.Context(), o.key, d)
	return o
}

// once passes a delivery on unless it was handled or is being handled. It goes on if
// the vendor hangs up: SHOPLINE does so after five seconds, and the next delivery would
// end at the same point.
func (h *handler) once(ctx context.Context, key string, d *souk.Delivery) (status int, problem string) {
	// It ends before the claim does, which is taken later.
	working, cancel := context.WithTimeout(context.WithoutCancel(ctx), lifetime)
	defer cancel()
	claimed, err := h.claim(ctx, key)
	switch {
	case errors.Is(err, souk.ErrClaimed):
		return http.StatusServiceUnavailable, "the delivery is being handled elsewhere"
	case err != nil:
		return http.StatusServiceUnavailable, "Seen.Claim failed"
	case !claimed:
		return http.StatusOK, ""
	case h.run(working, key, d) != nil:
		return http.StatusInternalServerError, "the delivery was not handled: the function returned an error"
	case h.done(working, key) != nil:
		return http.StatusOK, "Seen.Done failed: the delivery may be handled again"
	}
	return http.StatusOK, unread(d)
}

func unread(d *souk.Delivery) string {
	if d.EventErr == nil {
		return ""
	}
	return d.EventErr.Error()
}

// run calls the user's function. If that returns an error or panics, the claim is
// released.
func (h *handler) run(ctx context.Context, key string, d *souk.Delivery) error {
	handled := false
	defer func() {
		if !handled {
			h.release(ctx, key)
		}
	}()
	err := h.handle(ctx, d)
	handled = err == nil
	return err
}

func (h *handler) claim(ctx context.Context, key string) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, seenTimeout)
	defer cancel()
	return h.seen.Claim(ctx, key, lifetime)
}

func (h *handler) done(ctx context.Context, key string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), seenTimeout)
	defer cancel()
	return h.seen.Done(ctx, key)
}

// release does not release a claim that has ended: another process may hold one by now.
// A claim that cannot be released ends by itself.
func (h *handler) release(ctx context.Context, key string) {
	if ctx.Err() != nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, seenTimeout)
	defer cancel()
	_ = h.seen.Release(ctx, key)
}

// key identifies a delivery among all vendors, stores and topics. It is a hash, since
// headers can be of any length and, for some vendors, are not signed.
func (r *Receiver) key(d *souk.Delivery) string {
	sum := sha256.New()
	for _, part := range []string{d.Store, d.Topic, d.ID} {
		sum.Write([]byte(part))
		sum.Write([]byte{0})
	}
	return r.Vendor + ":" + hex.EncodeToString(sum.Sum(nil))
}

// log records the outcome of a delivery. Only the attributes here are logged: no
// content of the delivery, and no text of the user's code.
func (h *handler) log(ctx context.Context, o outcome, d time.Duration) {
	logger := h.receiver.Logger
	if logger == nil {
		return
	}
	level := slog.LevelDebug
	attrs := []slog.Attr{slog.String("vendor", h.receiver.Vendor), slog.Int("status", o.status)}
	if o.problem != "" {
		level = slog.LevelWarn
		attrs = append(attrs, slog.String("problem", o.problem))
	}
	if o.key != "" {
		attrs = append(attrs, slog.String("key", o.key))
	}
	logger.LogAttrs(ctx, level, "delivery", append(attrs, slog.Duration("duration", d))...)
}
