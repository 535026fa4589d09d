package commercengine

import (
	"context"
	"net/http"

	"github.com/souk-go/souk/internal/transport"
)

// GetProfileImage returns the URL of a user's picture.
//
// See https://llm-docs.commercengine.io/storefront/operations/get-profile-image.
//
//souk:operation GET /auth/user/{id}/profile-image
func (s *AuthService) GetProfileImage(ctx context.Context, userID string) (string, error) {
	return one[string](ctx, s.transport, &transport.Call{
		Method: http.MethodGet,
		Route:  "/auth/user/{id}/profile-image",
		IDs:    []any{userID},
		Repeat: transport.Safe,
	}, imageContent{})
}

// ProfileImageRequest holds the picture of a user.
type ProfileImageRequest struct {
	Image File
}

// AddProfileImage uploads a picture of a user and returns its URL.
//
// See https://llm-docs.commercengine.io/storefront/operations/add-profile-image.
//
//souk:operation POST /auth/user/{id}/profile-image
func (s *AuthService) AddProfileImage(ctx context.Context, userID string, req ProfileImageRequest) (string, error) {
	return one[string](ctx, s.transport, req.call(http.MethodPost, userID, transport.Write), imageContent{})
}

// UpdateProfileImage replaces the picture of a user and returns its URL.
//
// See https://llm-docs.commercengine.io/storefront/operations/update-profile-image.
//
//souk:operation PUT /auth/user/{id}/profile-image
func (s *AuthService) UpdateProfileImage(ctx context.Context, userID string, req ProfileImageRequest) (string, error) {
	return one[string](ctx, s.transport, req.call(http.MethodPut, userID, transport.Idempotent), imageContent{})
}

// RemoveProfileImage deletes the picture of a user.
//
// See https://llm-docs.commercengine.io/storefront/operations/remove-profile-image.
//
//souk:operation DELETE /auth/user/{id}/profile-image
func (s *AuthService) RemoveProfileImage(ctx context.Context, userID string) error {
	return done(ctx, s.transport, &transport.Call{
		Method:  http.MethodDelete,
		Route:   "/auth/user/{id}/profile-image",
		IDs:     []any{userID},
		Repeat:  transport.Idempotent,
		Deletes: true,
	})
}

func (r ProfileImageRequest) call(method, userID string, repeat transport.Repeat) *transport.Call {
	upload := &transport.Upload{}
	r.Image.addTo(upload, "image", "Image")
	return &transport.Call{
		Method: method,
		Route:  "/auth/user/{id}/profile-image",
		IDs:    []any{userID},
		Body:   upload,
		Repeat: repeat,
	}
}
