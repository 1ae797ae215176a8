package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const printed = `goos: linux
goarch: amd64
pkg: github.com/imgpar/imgpar/codec/jpeg
cpu: AMD EPYC
BenchmarkDecode/ours         	     100	  10000000 ns/op	 300.00 MB/s	 1200 MP/s	 100 B/op	 3 allocs/op
BenchmarkDecode/image/jpeg   	      10	  45000000 ns/op
BenchmarkDecode/broken       	      10	  nothing ns/op
PASS
`

func TestParse(t *testing.T) {
	times := parse([]byte(printed))
	if len(times) != 2 {
		t.Error(times)
	}
	p := pair{"decode", "codec/jpeg", "Decode/ours", "Decode/image/jpeg"}
	if r, err := p.ratio(times); r != 4.5 || err != nil {
		t.Error(r, err)
	}
	p.theirs = "Decode/image"
	if _, err := p.ratio(times); err == nil || !strings.Contains(err.Error(), "codec/jpeg has no benchmark Decode/image,") {
		t.Error(err)
	}
}

func TestPattern(t *testing.T) {
	got := pattern([]string{"Decode/x/image", "Decode/ours", "Decode/ours"})
	if want := "^BenchmarkDecode$/^ours$|^BenchmarkDecode$/^x$/^image$"; got != want {
		t.Error(got)
	}
}

// What the table names is there: the function, and the last part of the name in its file.
func TestPairsAreThere(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range pairs {
		if seen[p.name] {
			t.Errorf("two pairs are %q", p.name)
		}
		seen[p.name] = true
		files, err := filepath.Glob(filepath.Join("..", "..", filepath.FromSlash(p.pkg), "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		var source []byte
		for _, name := range files {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			source = append(source, data...)
		}
		for _, name := range []string{p.ours, p.theirs} {
			function, rest, _ := strings.Cut(name, "/")
			last := rest[strings.LastIndexAny(rest, "/")+1:]
			if !regexp.MustCompile(`func Benchmark`+function+`\(`).Match(source) || !regexp.MustCompile(`[/"]`+last+`"`).Match(source) {
				t.Errorf("%s: %s has no benchmark %s", p.name, p.pkg, name)
			}
		}
	}
}

// The same package measured for real, in one round: it is its own peer.
func TestMeasure(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	g := goBenchmarks{rounds: 1, dir: t.TempDir()}
	same := pair{"same", "bench/corpus/scene", "Draw", "Draw"}
	got, err := g.measure([]pair{same})
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 1 || got["same"] != 1 {
		t.Errorf("%v", got)
	}
	if _, err := g.measure([]pair{{"none", "bench/corpus/scene", "Draw", "Sketch"}}); err == nil {
		t.Error("a benchmark that is not there was measured")
	}
	if _, err := g.measure([]pair{{"none", "bench/corpus/nothing", "Draw", "Draw"}}); err == nil {
		t.Error("a package that is not there was measured")
	}
}
