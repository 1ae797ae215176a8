package procpool

import (
	"bytes"
	"fmt"
	"os"
	"testing"
	"time"
)

// roundTrips measures echoes of size bytes by so many children with a caller each.
func roundTrips(b *testing.B, workers, size int) {
	pool := newPool(b, Config{Workers: workers})
	payload := append([]byte("echo "), bytes.Repeat([]byte("x"), size-len("echo "))...)
	for range 2 * workers { // the children are up
		if _, err := pool.Do(b.Context(), Task{Payload: payload}); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	b.SetParallelism(1)
	b.ResetTimer()
	if workers == 1 {
		for b.Loop() {
			if _, err := pool.Do(b.Context(), Task{Payload: payload}); err != nil {
				b.Fatal(err)
			}
		}
		return
	}
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := pool.Do(b.Context(), Task{Payload: payload}); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

func BenchmarkRoundTrip200B(b *testing.B) {
	b.Run("callers=1", func(b *testing.B) { roundTrips(b, 1, 200) })
	b.Run("callers=2", func(b *testing.B) { roundTrips(b, 2, 200) })
}

func BenchmarkRoundTrip1MiB(b *testing.B) {
	b.Run("callers=1", func(b *testing.B) { roundTrips(b, 1, 1<<20) })
	b.Run("callers=2", func(b *testing.B) { roundTrips(b, 2, 1<<20) })
}

// BenchmarkFiles measures a task of 200 bytes with open files, by one child.
func BenchmarkFiles(b *testing.B) {
	for _, n := range []int{0, 2} {
		b.Run(fmt.Sprint("files=", n), func(b *testing.B) {
			pool := newPool(b, Config{Workers: 1})
			task := Task{Payload: append([]byte("echo "), make([]byte, 195)...)}
			for range n {
				f, err := os.Open(os.DevNull)
				if err != nil {
					b.Fatal(err)
				}
				defer f.Close()
				task.Files = append(task.Files, f)
			}
			for b.Loop() {
				if _, err := pool.Do(b.Context(), task); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkQueue measures tasks of 60 µs on two children, whose callers work as long on each
// answer, and are more than the children.
func BenchmarkQueue(b *testing.B) {
	pool := newPool(b, Config{Workers: 2})
	answer(b, pool, "echo")
	b.SetParallelism(4)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := pool.Do(b.Context(), Task{Payload: []byte("spin 60us")}); err != nil {
				b.Error(err)
				return
			}
			spin(60 * time.Microsecond)
		}
	})
}

// BenchmarkSpawnToReady measures from New to the first answer of a pool of one child.
func BenchmarkSpawnToReady(b *testing.B) {
	for b.Loop() {
		pool := newPool(b, Config{Workers: 1})
		if _, err := pool.Do(b.Context(), Task{Payload: []byte("echo")}); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if err := pool.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}
