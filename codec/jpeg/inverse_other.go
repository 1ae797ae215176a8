//go:build !amd64 || purego

package jpeg

func (t *inverse) vector(coefs []int16, last []uint8, dst []byte, stride int) (done int) { return 0 }
