package job

import "testing"

// BenchmarkWire is what a job costs on its way to a subprocess and back.
func BenchmarkWire(b *testing.B) {
	j := Job{
		Input:   "photos/2024/holidays/IMG_20240801_123456.jpg",
		Target:  Target{Output: "out/2024/holidays/IMG_20240801_123456.jpg", Pipeline: "resize w=1200 | sharpen 0.5"},
		Quality: 85, MaxPixels: 1 << 28,
	}
	a := Answer{Parts: Parts{{Outcome: OK, Width: 1200, Height: 900, Bytes: 200_000, Pixels: 12_000_000}}}
	b.Run("work", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			data, err := EncodeWork(j.Work(4_000_000, func(int) bool { return false }))
			if err == nil {
				_, err = DecodeWork(data)
			}
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(data)))
		}
	})
	b.Run("answer", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			data, err := EncodeAnswer(a)
			if err == nil {
				_, err = DecodeAnswer(data)
			}
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(data)))
		}
	})
}
