module github.com/souk-go/souk/examples

go 1.26.0

require (
	github.com/lib/pq v1.12.3
	github.com/souk-go/souk v0.0.0
	golang.org/x/oauth2 v0.37.0
)

require (
	github.com/gofrs/flock v0.13.2 // indirect
	github.com/google/go-querystring v1.2.0 // indirect
	github.com/hashicorp/go-cleanhttp v0.5.2 // indirect
	github.com/hashicorp/go-retryablehttp v0.7.8 // indirect
	golang.org/x/sys v0.49.0 // indirect
	golang.org/x/time v0.16.0 // indirect
)

replace github.com/souk-go/souk => ../
