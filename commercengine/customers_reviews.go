package commercengine

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/souk-go/souk/internal/transport"
)

// Review is a customer's review of a product.
type Review struct {
	ID              string `json:"id"`
	ProductID       string `json:"product_id"`
	ProductName     string `json:"product_name"`
	ProductImageURL string `json:"product_image_url"`
	// Status is the moderation status; its values are not documented.
	Status     string      `json:"status"`
	Rating     json.Number `json:"rating"`
	ReviewText string      `json:"review_text"`
	ReviewDate time.Time   `json:"review_date"`
	// AverageRating is the product's average rating.
	AverageRating json.Number   `json:"average_rating"`
	Tags          []string      `json:"tags"`
	Images        []ReviewImage `json:"images"`
	Videos        []ReviewVideo `json:"videos"`
	// ListingPrice and SellingPrice are in the store's currency.
	ListingPrice json.Number `json:"listing_price"`
	SellingPrice json.Number `json:"selling_price"`
	OrderNumber  string      `json:"order_number"`
	CreatedAt    time.Time   `json:"created_at"`
	ModifiedAt   time.Time   `json:"modified_at"`
}

// ReviewImage is a picture in a review, in three sizes.
type ReviewImage struct {
	BlurURL      string `json:"blur_url"`
	ThumbnailURL string `json:"thumbnail_url"`
	StandardURL  string `json:"standard_url"`
}

// ReviewVideo is a video in a review.
type ReviewVideo struct {
	CoverImageURL   string        `json:"cover_image_url"`
	VideoPreviewURL string        `json:"video_preview_url"`
	Playback        VideoPlayback `json:"playback"`
	// Duration and Size are texts of an undocumented form.
	Duration string `json:"duration"`
	Size     string `json:"size"`
}

// VideoPlayback holds the URLs of a video's streams.
type VideoPlayback struct {
	HLS  string `json:"hls"`
	DASH string `json:"dash"`
}

// ReviewableProduct is a product that a customer bought and may review.
type ReviewableProduct struct {
	ProductID       string `json:"product_id"`
	ProductName     string `json:"product_name"`
	ProductImageURL string `json:"product_image_url"`
	// ListingPrice and SellingPrice are in the store's currency.
	ListingPrice json.Number `json:"listing_price"`
	SellingPrice json.Number `json:"selling_price"`
	OrderNumber  string      `json:"order_number"`
}

// Reviews holds a customer's reviews, and the products that the customer can still
// review.
type Reviews struct {
	Reviews        []Review            `json:"reviews"`
	ReadyForReview []ReviewableProduct `json:"ready_for_review"`
}

// ListReviews returns the reviews of a customer, all at once.
//
// See https://llm-docs.commercengine.io/storefront/operations/list-customer-reviews.
//
//souk:operation GET /customers/{customer_id}/reviews
func (s *CustomersService) ListReviews(ctx context.Context, customerID string) (*Reviews, error) {
	return one[*Reviews](ctx, s.transport, &transport.Call{
		Method:     http.MethodGet,
		Route:      "/customers/{customer_id}/reviews",
		IDs:        []any{customerID},
		Repeat:     transport.Safe,
		Credential: s.shopper.customer(),
	}, reviewsContent{})
}
