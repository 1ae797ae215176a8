// Gen writes the assembly of all packages.
//
//	go run -C internal/simd/gen .
//
// Its test fails where a file is not what it would write.
package main

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/buildtags"
	"github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/printer"
)

// root is the root of the module that the kernels are for.
const root = "../../.."

// file is an assembly file, and the Go file that declares its functions:
// NAME_amd64.s and NAME_amd64.go in the folder dir.
type file struct {
	dir, name string
	functions func(*build.Context)
}

var files = []file{
	{"codec/jpeg", "idct", idct},
	{"resample", "kernels", resampleKernels},
	{"codec/jpeg", "blockwriter", blockWriter},
	{"codec/jpeg", "fdct", fdct},
	{"codec/jpeg", "readrun", readRun},
	{"internal/jfif", "jfif", colour},
}

func main() {
	for _, f := range files {
		for name, text := range f.generate() {
			if err := os.WriteFile(filepath.Join(root, f.dir, name), text, 0o666); err != nil {
				log.Fatal(err)
			}
		}
	}
}

// generate returns the texts by the names of the files.
func (f file) generate() map[string][]byte {
	c := build.NewContext()
	f.functions(c)
	out, err := c.Result()
	if err != nil {
		log.Fatalf("%s: %v", f.name, err)
	}
	constraint, err := buildtags.ParseConstraint("!purego")
	if err != nil {
		log.Fatal(err)
	}
	out.Constraints = buildtags.Constraints{constraint}
	if err := pass.Compile.Execute(out); err != nil {
		log.Fatalf("%s: %v", f.name, err)
	}
	config := printer.Config{Argv: []string{"internal/simd/gen"}, Name: "avo", Pkg: filepath.Base(f.dir)}
	texts := map[string][]byte{}
	for ext, p := range map[string]printer.Printer{".s": printer.NewGoAsm(config), ".go": printer.NewStubs(config)} {
		text, err := p.Print(out)
		if err != nil {
			log.Fatal(fmt.Errorf("%s%s: %w", f.name, ext, err))
		}
		texts[f.name+"_amd64"+ext] = text
	}
	return texts
}
