// Package standin is what a vendor's stand-in tells souktest of its vendor.
package standin
