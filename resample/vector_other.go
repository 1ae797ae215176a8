//go:build !amd64 || purego

package resample

// vector is the memory of the kernels in assembly, of which there are none.
type vector struct{}

func (r *Resampler) vectorBytes([]byte, int, []byte, int, int, *Axis, *Axis) bool      { return false }
func (r *Resampler) vectorUint16([]uint16, int, []uint16, int, int, *Axis, *Axis) bool { return false }
