package transport

// Version is that of the module. It stands nowhere else, but for the heading in
// CHANGELOG.md.
const Version = "0.1.0"

// DefaultUserAgent names the SDK to servers.
const DefaultUserAgent = "souk-go/" + Version
