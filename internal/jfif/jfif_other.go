//go:build !amd64 || purego

package jfif

// There are no kernels, and package simd never says that there are.

func halve(y0, y1, cb, cr, top, low *byte, groups int) { panic("no kernel") }

func expandWhole(dst, y, cb, cr *byte, groups int) { panic("no kernel") }

func expandHalved(dst, y, cb, cr *byte, groups int) { panic("no kernel") }
