//go:build !purego

package simd

import "golang.org/x/sys/cpu"

var (
	haveAVX2 = cpu.X86.HasAVX2
	haveBMI2 = cpu.X86.HasBMI1 && cpu.X86.HasBMI2
)
