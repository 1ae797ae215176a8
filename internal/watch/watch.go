// Package watch tells when folders have something new.
package watch
