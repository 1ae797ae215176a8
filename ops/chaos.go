//go:build chaos && linux

package ops

import (
	"encoding/binary"
	"hash/fnv"
	"image"
	"math"
	"os"
	"slices"
	"strconv"
	"sync/atomic"
)

// Chaos does harm to the process that it runs in, for some of the pictures, and passes the others through. Which
// picture is hit, and by what, follows from its pixels: see Deed. It is part of no build but those with the tag chaos,
// and is for test/chaos alone.
//
// What would end the process, or hang it, is done in a worker process only. Elsewhere such a picture passes, but for
// those that are hit by "panic" and "stall", which any process must survive.
type Chaos struct {
	Percent float64 // of all pictures that are hit
	Do      string  // one of Deeds, or "any"
	Seed    int     // another one hits others
	Size    int     // mebibytes that "allocate" takes
}

var chaosSpec = Spec{
	Name:    "chaos",
	Summary: "do harm to the process",
	Params: []Param{
		operand(required(number("percent", 0, 100, "", "percent of the pictures that are hit"))),
		choice("do", append([]string{anyDeed}, Deeds()...), anyDeed, "what hits them"),
		{Name: "seed", Kind: Int, Usage: "another one hits others", Default: "0", Allowed: "a whole number", min: 0, max: math.MaxInt32},
		{Name: "size", Kind: Int, Usage: "mebibytes to allocate", Default: "4096", Allowed: "a whole number from 1", min: 1, max: math.MaxInt32},
	},
	make: func(a args) (Op, error) {
		return Chaos{a.float("percent"), a.text["do"], a.int("seed"), a.int("size")}, nil
	},
}

const anyDeed = "any"

func init() { specs = append(specs, chaosSpec) }

func (c Chaos) String() string {
	return chaosSpec.format(Values{"percent": num(c.Percent), "do": c.Do, "seed": strconv.Itoa(c.Seed), "size": strconv.Itoa(c.Size)})
}

// Sizes implements Op.
func (Chaos) Sizes(w, h int) []image.Point { return nil }

// Deed returns what hits a picture, one of Deeds, or "" if nothing does.
func (c Chaos) Deed(src image.Image) string {
	n := digest(src, c.Seed)
	const parts = 1 << 20
	if float64(n%parts) >= c.Percent/100*parts {
		return ""
	}
	if c.Do != anyDeed {
		return c.Do
	}
	names := Deeds()
	return names[n/parts%uint64(len(names))]
}

// digest is a number of 64 bits for the pixels of a picture, whatever type it has.
func digest(src image.Image, seed int) uint64 {
	h := fnv.New64a()
	word := func(v uint32) { _ = binary.Write(h, binary.LittleEndian, v) } // a hash takes everything
	b := src.Bounds()
	word(uint32(seed))
	word(uint32(b.Dx()))
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			r, g, b, a := src.At(x, y).RGBA()
			word(r ^ g<<16)
			word(b ^ a<<16)
		}
	}
	n := h.Sum64() // whose low bits are not mixed well: see MurmurHash3's finalizer
	n = (n ^ n>>33) * 0xff51afd7ed558ccd
	n = (n ^ n>>33) * 0xc4ceb9fe1a85ec53
	return n ^ n>>33
}

// applied counts the pictures that this process was given: in a worker, that is the number of its task, since each
// is a picture with a single frame.
var applied atomic.Uint64

// Apply returns src, if at all.
func (c Chaos) Apply(src image.Image) (image.Image, error) {
	task := applied.Add(1)
	name := c.Deed(src)
	i := slices.IndexFunc(deeds, func(d deed) bool { return d.name == name })
	if i >= 0 && (deeds[i].anywhere || isWorker()) {
		deeds[i].do(c, task)
	}
	return src, nil
}

// isWorker tells whether this process has a link to a parent.
func isWorker() bool { return slices.Contains(os.Args, "worker") }
