// Turbo measures codec/jpeg against libjpeg-turbo, in one process, on one core.
//
//	go run -C bench/turbo . [-rounds N] [-quality Q] FILE.jpg...
//
// It needs cgo and libjpeg-turbo with its header (Debian: libjpeg62-turbo-dev).
// Each round does each work on each file by both, one after the other; the
// ratios are medians of the rounds' ratios. Before that, the samples of both
// must be equal, and so must be what the files hold that both write.
//
// Both decode to planes of samples and encode from such, by the accurate
// integer transform; neither converts colours. libjpeg writes to memory that
// it reuses, while Decode takes new memory for each picture, as its callers
// need it. When libjpeg decodes 4:2:0 at less than full size, it decodes chroma
// at twice the scale.
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/imgpar/imgpar/codec/jpeg"
)

var (
	rounds  = flag.Int("rounds", 5, "how often everything is done")
	quality = flag.Int("quality", 85, "quality of what is encoded")
)

// work is something that both can do with a picture.
type work struct {
	name        string
	ours, turbo func(*picture) error
}

// picture is a file and its samples.
type picture struct {
	name   string
	data   []byte
	pixels float64
	turbo  turboPicture // padded
	planes *jpeg.Planes // the same
}

func main() {
	log.SetFlags(0)
	flag.Parse()
	runtime.GOMAXPROCS(1)
	var pictures []*picture
	pixels := 0.0
	for _, name := range flag.Args() {
		p, err := open(name)
		if err != nil {
			log.Fatalf("%s: %v", name, err)
		}
		if p == nil {
			log.Printf("%s: neither gray nor YCbCr, left out", name)
			continue
		}
		pictures = append(pictures, p)
		pixels += p.pixels
	}
	if len(pictures) == 0 {
		log.Fatal("no files")
	}
	fmt.Printf("%s, %s, libjpeg-turbo %s; %d files of %.1f MP, quality %d; medians of %d interleaved rounds\n",
		cpu(), runtime.Version(), turboVersion(), len(pictures), pixels/1e6, *quality, *rounds)
	if err := measure(pictures, pixels); err != nil {
		log.Fatal(err)
	}
}

// open reads a file and sees that both decode and encode it alike.
func open(name string) (*picture, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	f, err := jpeg.Parse(data)
	if err != nil {
		return nil, err
	}
	if f.Color != jpeg.Gray && f.Color != jpeg.YCbCr {
		return nil, nil
	}
	p := &picture{name: name, data: data, pixels: float64(f.Width) * float64(f.Height)}
	if err := p.turbo.decode(data, 1); err != nil {
		return nil, err
	}
	p.turbo.pad()
	p.planes = p.turbo.planes()
	ours, err := f.Decode(context.Background(), jpeg.DecodeOptions{}, new(jpeg.Scratch))
	if err != nil {
		return nil, err
	}
	if err := same(ours, p.planes); err != nil {
		return nil, fmt.Errorf("decoded: %w", err)
	}
	return p, p.checkEncode()
}

// checkEncode sees that what both write decodes to the same samples.
func (p *picture) checkEncode() error {
	theirs := newTurboFile(1<<16 + int(3*p.pixels))
	for _, optimize := range []bool{false, true} {
		mine, err := jpeg.Encode(nil, p.planes, jpeg.EncodeOptions{Quality: *quality, Optimize: optimize})
		if err != nil {
			return err
		}
		if err := theirs.encode(&p.turbo, *quality, optimize); err != nil {
			return err
		}
		var a, b turboPicture
		if err := a.decode(mine, 1); err != nil {
			return err
		}
		if err := b.decode(theirs.bytes(), 1); err != nil {
			return err
		}
		if err := same(a.planes(), b.planes()); err != nil {
			return fmt.Errorf("encoded: %w", err)
		}
		if !optimize && !bytes.Equal(mine[bytes.LastIndex(mine, sos):], theirs.bytes()[bytes.LastIndex(theirs.bytes(), sos):]) {
			return fmt.Errorf("encoded: other entropy-coded data")
		}
	}
	return nil
}

var sos = []byte{0xff, 0xda}

// same compares samples that belong to the picture.
func same(a, b *jpeg.Planes) error {
	if a.Width != b.Width || a.Height != b.Height || len(a.Planes) != len(b.Planes) {
		return fmt.Errorf("%dx%d in %d planes and %dx%d in %d", a.Width, a.Height, len(a.Planes), b.Width, b.Height, len(b.Planes))
	}
	for i := range a.Planes {
		p, q := &a.Planes[i], &b.Planes[i]
		if p.Width != q.Width || p.Height != q.Height {
			return fmt.Errorf("plane %d: %dx%d and %dx%d", i, p.Width, p.Height, q.Width, q.Height)
		}
		for y := range p.Height {
			if !bytes.Equal(p.Pix[y*p.Stride:][:p.Width], q.Pix[y*q.Stride:][:q.Width]) {
				return fmt.Errorf("plane %d, row %d: other samples", i, y)
			}
		}
	}
	return nil
}

// measure does all work and prints a table.
func measure(pictures []*picture, pixels float64) error {
	all := works()
	var ours, theirs, ratios = make([][]float64, len(all)), make([][]float64, len(all)), make([][]float64, len(all))
	for range *rounds {
		for i, w := range all {
			var a, b time.Duration
			for _, p := range pictures {
				start := time.Now()
				if err := w.ours(p); err != nil {
					return fmt.Errorf("%s, %s: %w", p.name, w.name, err)
				}
				mid := time.Now()
				if err := w.turbo(p); err != nil {
					return fmt.Errorf("%s, %s: %w", p.name, w.name, err)
				}
				a, b = a+mid.Sub(start), b+time.Since(mid)
			}
			ours[i] = append(ours[i], pixels/1e6/a.Seconds())
			theirs[i] = append(theirs[i], pixels/1e6/b.Seconds())
			ratios[i] = append(ratios[i], b.Seconds()/a.Seconds())
		}
	}
	fmt.Printf("%-24s %12s %12s %8s\n", "work", "imgpar MP/s", "turbo MP/s", "ratio")
	for i, w := range all {
		fmt.Printf("%-24s %12.0f %12.0f %7.2fx\n", w.name, median(ours[i]), median(theirs[i]), median(ratios[i]))
	}
	return nil
}

func works() []work {
	var mem jpeg.Scratch
	var out []byte
	var picture1 turboPicture
	room := newTurboFile(64 << 20)
	decode := func(p *picture, scale int) (*jpeg.Planes, error) {
		f, err := jpeg.Parse(p.data)
		if err != nil {
			return nil, err
		}
		return f.Decode(context.Background(), jpeg.DecodeOptions{Scale: scale}, &mem)
	}
	encode := func(planes *jpeg.Planes, optimize bool) (err error) {
		out, err = jpeg.Encode(out[:0], planes, jpeg.EncodeOptions{Quality: *quality, Optimize: optimize})
		return err
	}
	all := []work{
		{"encode", func(p *picture) error { return encode(p.planes, false) },
			func(p *picture) error { return room.encode(&p.turbo, *quality, false) }},
		{"encode, optimized", func(p *picture) error { return encode(p.planes, true) },
			func(p *picture) error { return room.encode(&p.turbo, *quality, true) }},
		{"decode and encode",
			func(p *picture) error {
				planes, err := decode(p, 1)
				if err != nil {
					return err
				}
				return encode(planes, false)
			},
			func(p *picture) error {
				if err := picture1.decode(p.data, 1); err != nil {
					return err
				}
				return room.encode(&picture1, *quality, false)
			}},
	}
	for _, scale := range []int{1, 2, 4, 8} {
		name := "decode"
		if scale > 1 {
			name = fmt.Sprintf("decode at 1/%d", scale)
		}
		all = append(all, work{name,
			func(p *picture) error { _, err := decode(p, scale); return err },
			func(p *picture) error { return picture1.decode(p.data, scale) }})
	}
	return all
}

func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	return (v[(len(v)-1)/2] + v[len(v)/2]) / 2
}

// cpu returns the processor's name where Linux tells it.
func cpu() string {
	info, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(info)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}
