package transport

// Version is the version of the module. Only the heading in CHANGELOG.md repeats it.
const Version = "0.1.0"

// DefaultUserAgent is the SDK's User-Agent header.
const DefaultUserAgent = "souk-go/" + Version
