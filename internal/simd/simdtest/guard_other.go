//go:build !unix

package simdtest

import "testing"

const guards = false

func guarded(t testing.TB, inner, page int) []byte {
	t.Helper()
	return make([]byte, page+inner+page)
}
