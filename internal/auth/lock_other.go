//go:build !(darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd)

package auth

import "context"

func lock(ctx context.Context, name string) (unlock func() error, err error) {
	return lockExclusively(ctx, name)
}
