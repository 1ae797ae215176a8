package jpeg

import (
	"context"
	"strconv"
	"syscall"
	"testing"
)

func BenchmarkScale(b *testing.B) {
	files, _ := benchFiles(b)
	var mem Scratch
	var p *Planes
	for _, scale := range []int{1, 2, 4} {
		b.Run(strconv.Itoa(scale), func(b *testing.B) {
			var r0, r1 syscall.Rusage
			syscall.Getrusage(0, &r0)
			n := 0
			for b.Loop() {
				for _, data := range files {
					f, err := Parse(data)
					if err != nil {
						b.Fatal(err)
					}
					if p, err = f.Decode(context.Background(), DecodeOptions{Scale: scale, Reuse: p}, &mem); err != nil {
						b.Fatal(err)
					}
					n++
				}
			}
			syscall.Getrusage(0, &r1)
			b.ReportMetric(float64(r1.Utime.Nano()-r0.Utime.Nano())/1e6/float64(n), "user-ms/pic")
		})
	}
}
