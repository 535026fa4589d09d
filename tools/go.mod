module github.com/souk-go/souk/tools

go 1.26.0

tool mvdan.cc/gofumpt

require (
	github.com/mibk/dupl v1.1.0
	golang.org/x/tools v0.51.0
)

require (
	golang.org/x/mod v0.41.0 // indirect
	golang.org/x/sync v0.23.0 // indirect
	mvdan.cc/gofumpt v0.12.0 // indirect
)
