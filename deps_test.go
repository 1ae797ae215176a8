package imgpar_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/imgpar/imgpar"

// allowed says what each package may import beside the standard library; names
// without a host are packages of this module. Arrows point one way: the
// command knows everybody, and nobody below it knows the command or the user
// interface (internal/report). A new import is a decision: it is made here.
var allowed = map[string][]string{
	"scheduler":       {"golang.org/x/sync/semaphore"},
	"procpool":        {"golang.org/x/sys/unix", "golang.org/x/sys/windows"},
	"resample":        {"internal/simd"},
	"ops":             {"internal/jfif", "resample", "github.com/disintegration/imaging"},
	"icc":             {},
	"codec/ifd":       {},
	"codec/meta":      {"codec/ifd"},
	"codec/pixels":    {"internal/jfif"},
	"codec/animation": {"codec/pixels"},
	"codec/bmp":       {},
	"codec/gif":       {"codec/animation", "codec/meta", "codec/pixels"},
	"codec/png":       {"codec/animation", "codec/pixels", "github.com/klauspost/compress/zlib"},
	"codec/vp8l":      {},
	"codec/webp":      {"codec/animation", "codec/meta", "codec/pixels", "codec/vp8l", "golang.org/x/image/webp"},
	"codec/tiff":      {"codec/ifd", "codec/jpeg", "codec/pixels", "github.com/klauspost/compress/zlib", "github.com/klauspost/compress/zstd"},
	"codec": {
		"codec/animation", "codec/bmp", "codec/gif", "codec/ifd", "codec/jpeg", "codec/meta", "codec/pixels", "codec/png", "codec/tiff", "codec/webp", "icc", "internal/diskfile", "internal/jfif",
		"golang.org/x/image/bmp",
	},

	"codec/jpeg": {"internal/simd"},

	"internal/simd":          {"golang.org/x/sys/cpu"},
	"internal/simd/simdtest": {"golang.org/x/sys/unix"},
	"internal/fuzztest":      {},

	"internal/jfif": {"internal/simd"},

	"internal/job":        {},
	"internal/atomicfile": {"internal/diskfile", "golang.org/x/sys/unix"},
	"internal/diskfile":   {},
	"internal/machine":    {"github.com/shirou/gopsutil/v3/cpu", "github.com/shirou/gopsutil/v3/mem", "github.com/shirou/gopsutil/v3/process", "golang.org/x/sys/unix", "golang.org/x/sys/windows"},
	"internal/journal":    {"internal/atomicfile", "internal/job", "github.com/cespare/xxhash/v2", "golang.org/x/sys/unix"},
	"internal/sandbox":    {"github.com/landlock-lsm/go-landlock/landlock", "golang.org/x/sys/unix", "kernel.org/pub/linux/libs/security/libcap/psx"},
	"internal/watch":      {"github.com/fsnotify/fsnotify"},
	"internal/naming":     {"codec"},
	"internal/plan": {"codec", "internal/job", "internal/journal", "internal/naming", "scheduler", "github.com/bmatcuk/doublestar/v4",
		"github.com/cespare/xxhash/v2", "golang.org/x/sys/unix", "golang.org/x/text/cases", "golang.org/x/text/unicode/norm"},
	"internal/staging":   {"codec", "internal/atomicfile", "internal/job", "internal/journal"},
	"internal/runner":    {"procpool", "internal/job", "internal/machine", "internal/sandbox", "internal/staging", "internal/transform"},
	"internal/transform": {"codec", "codec/jpeg", "codec/meta", "codec/pixels", "ops", "resample", "internal/jfif", "internal/job", "github.com/cespare/xxhash/v2"},
	"internal/report":    {"internal/job", "github.com/rivo/uniseg", "github.com/schollz/progressbar/v3", "golang.org/x/term"},

	"internal/recipefile": {"github.com/goccy/go-yaml", "github.com/goccy/go-yaml/ast", "github.com/goccy/go-yaml/lexer", "github.com/goccy/go-yaml/parser", "github.com/goccy/go-yaml/token"},

	"test/chaos":  {"codec", "ops", "golang.org/x/sys/unix"},
	"test/faults": {"internal/job", "internal/journal"},
	"test/memory": {"codec", "internal/job", "internal/machine", "internal/transform"},

	"bench": {"internal/machine"},
	"bench/chart": { // not gonum.org/v1/plot itself: see the package's doc
		"bench", "codeberg.org/go-fonts/liberation/liberationsansbold", "codeberg.org/go-fonts/liberation/liberationsansregular",
		"golang.org/x/image/font", "golang.org/x/image/font/opentype", "gonum.org/v1/plot/font", "gonum.org/v1/plot/text",
		"gonum.org/v1/plot/vg", "gonum.org/v1/plot/vg/draw", "gonum.org/v1/plot/vg/vgimg", "gonum.org/v1/plot/vg/vgsvg",
	},
	"bench/corpus":       {"bench/corpus/scene", "codec/jpeg"},
	"bench/corpus/scene": {},
	"bench/million":      {},
	"bench/page":         {"bench", "bench/chart"},
	"bench/peers":        {"bench"},
	"bench/quality":      {"bench", "bench/peers", "codec", "golang.org/x/image/bmp", "golang.org/x/image/tiff"},
	"bench/regress":      {"bench", "internal/machine"},
	"bench/scale":        {"bench"},
	"cmd/imgpar": {
		"bench", "bench/chart", "bench/corpus", "bench/page", "bench/peers", "bench/quality", "codec", "codec/meta", "ops", "procpool", "scheduler",
		"internal/atomicfile", "internal/job", "internal/journal", "internal/machine", "internal/naming", "internal/plan", "internal/recipefile", "internal/report", "internal/runner", "internal/sandbox", "internal/staging", "internal/transform", "internal/watch",
		"github.com/dustin/go-humanize",
		"github.com/spf13/cobra", "github.com/spf13/pflag",
	},
}

func TestImports(t *testing.T) {
	found := imports(t)
	for pkg, list := range found {
		may, known := allowed[pkg]
		if !known {
			t.Errorf("package %s is not in the table", pkg)
			continue
		}
		for path, file := range list {
			if !slices.Contains(may, path) {
				t.Errorf("%s: %s may not import %s", file, pkg, path)
			}
		}
		for _, path := range may {
			if list[path] == "" {
				t.Errorf("the table lets %s import %s, which it does not", pkg, path)
			}
		}
	}
	for pkg := range allowed {
		if found[pkg] == nil {
			t.Errorf("package %s is in the table but not there", pkg)
		}
	}
}

// imports returns the imports of every package, tests left out, whatever the
// system they are built for, and for each a file that has it.
func imports(t *testing.T) map[string]map[string]string {
	t.Helper()
	found := map[string]map[string]string{}
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && name != ".") {
			return fs.SkipDir
		}
		if _, err := os.Stat(filepath.Join(name, "go.mod")); d.IsDir() && err == nil && name != "." { // a module of its own
			return fs.SkipDir
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		pkg := filepath.ToSlash(filepath.Dir(name))
		if found[pkg] == nil {
			found[pkg] = map[string]string{}
		}
		for _, spec := range f.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if strings.Contains(strings.SplitN(path, "/", 2)[0], ".") {
				found[pkg][strings.TrimPrefix(path, module+"/")] = name
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) == 0 {
		t.Fatal("no package was found; the test runs in the wrong folder")
	}
	t.Logf("packages: %v", slices.Sorted(maps.Keys(found)))
	return found
}
