package peers

import (
	"context"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"time"
)

// probeTime is for all that is asked of one peer: an interpreter that loads a large
// package from a disk takes seconds.
const probeTime = 20 * time.Second

// ask runs a program and returns all that it says, "" if there is no such program. Its
// exit status does not matter, since some programs that tell their version fail then.
func ask(ctx context.Context, program string, args ...string) (path, said string) {
	path, err := exec.LookPath(program)
	if err != nil {
		return "", ""
	}
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.WaitDelay = time.Second // for pipes that a child of it keeps open
	b, _ := cmd.CombinedOutput()
	return path, string(b)
}

// python returns a find for a package: the first Python that can import it.
func python(name, version string) func(context.Context) ([]string, string) {
	code := "import platform, sys, " + name + `; print("found", sys.executable, ` + version + `, platform.python_version(), sep="\n")`
	return func(ctx context.Context) ([]string, string) {
		ctx, cancel := context.WithTimeout(ctx, probeTime)
		defer cancel()
		for _, program := range []string{"python3", "python", "/usr/bin/python3"} {
			_, said := ask(ctx, program, "-c", code)
			if _, after, ok := strings.Cut(said, "found\n"); ok {
				if lines := strings.Split(strings.TrimSpace(after), "\n"); len(lines) == 3 {
					return lines[:1], strings.TrimSpace(lines[1]) + ", Python " + strings.TrimSpace(lines[2])
				}
			}
		}
		return nil, ""
	}
}

// sharpEnv names the folder of the package, where node does not find it.
const sharpEnv = "IMGPAR_SHARP"

// findSharp looks where sharpEnv says; then where node does for the current folder, and in
// NODE_PATH; then in npm's global folder, which takes npm half a second to tell.
func findSharp(ctx context.Context) ([]string, string) {
	ctx, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	const code = `const [name] = process.argv.slice(1), sharp = require(name);
		console.log(["found", require.resolve(name), sharp.versions.sharp, sharp.versions.vips].join("\n"))`
	try := func(name string) ([]string, string) {
		node, said := ask(ctx, "node", "-e", code, name)
		_, after, ok := strings.Cut(said, "found\n")
		lines := strings.Split(strings.TrimSpace(after), "\n")
		if !ok || len(lines) != 3 {
			return nil, ""
		}
		return []string{node, lines[0]}, lines[1] + ", libvips " + lines[2]
	}
	if folder := os.Getenv(sharpEnv); folder != "" {
		return try(folder)
	}
	if found, version := try("sharp"); found != nil {
		return found, version
	}
	if _, root := ask(ctx, "npm", "root", "-g"); root != "" {
		return try(strings.TrimSpace(root) + "/sharp")
	}
	return nil, ""
}

// program asks one program for its version; the first group of pattern is that.
func program(ctx context.Context, pattern, name string, args ...string) (path, version string) {
	if runtime.GOOS == "windows" { // see each
		return "", ""
	}
	ctx, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	path, said := ask(ctx, name, args...)
	if m := regexp.MustCompile(pattern).FindStringSubmatch(said); m != nil {
		return path, m[1]
	}
	return "", ""
}

func findVips(ctx context.Context) ([]string, string) {
	vips, version := program(ctx, `vips[- ](\d[\d.]*)`, "vips", "--version")
	thumbnail, _ := program(ctx, `vips[- ](\d[\d.]*)`, "vipsthumbnail", "--vips-version")
	if vips == "" || thumbnail == "" {
		return nil, ""
	}
	return []string{vips, thumbnail}, version
}

func findGraphicsMagick(ctx context.Context) ([]string, string) {
	gm, version := program(ctx, `^GraphicsMagick (\S+)`, "gm", "version")
	if gm == "" {
		return nil, ""
	}
	return []string{gm, "mogrify"}, version
}

// findImageMagick takes version 7 before 6. It reads the version, since other programs
// are called that too.
func findImageMagick(ctx context.Context) ([]string, string) {
	const pattern = `^Version: ImageMagick (\S+)`
	if magick, version := program(ctx, pattern, "magick", "-version"); magick != "" {
		return []string{magick, "mogrify"}, version
	}
	if mogrify, version := program(ctx, pattern, "mogrify", "-version"); mogrify != "" {
		return []string{mogrify}, version
	}
	return nil, ""
}

func findJpegtran(ctx context.Context) ([]string, string) {
	// libjpeg-turbo, mozjpeg and the Independent JPEG Group each have a text of their own.
	jpegtran, version := program(ctx, `(\S+ version \S+|JPEGTRAN, version \S+)`, "jpegtran", "-version")
	if jpegtran == "" {
		return nil, ""
	}
	return []string{jpegtran}, strings.NewReplacer("version ", "", "JPEGTRAN,", "IJG").Replace(version)
}
