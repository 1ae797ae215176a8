package main

import (
	"fmt"
	"strings"
)

const readmeHead = `# Fixtures

Every file here is made by the program in ` + "`../gen`" + `, this one included; change the program, not
the files:

    go generate -C testdata/gen

All show one motif, drawn by the same program. They contain nothing by anybody else and are in
the public domain; the project's license applies where that does not exist.

"Stored" is the size in the header; "displayed" obeys the orientation. An "exact" file shows the motif,
or the motif in its own depth and palette, bit for bit; a lossy one comes to it with at least the
PSNR in the table.
The colours of files with an ICC profile are given as stored. The luma of a lossy WebP runs from
16 to 235, as the format demands; golang.org/x/image/webp hands it out unchanged in an
image.YCbCr, whose conversion to RGB expects 0 to 255.

No two of the good files in a folder have names that differ only after the last dot or in case,
and no name ends like an output's (_gray, _resize, ...).

## Good files

All are read by Go's decoders, and the outcome of each is ok.

| file | what it is | bytes | stored | displayed | PSNR |
|---|---|--:|---|---|---|
`

const brokenHead = `
## Broken files

The size is what the header claims, if Go's DecodeConfig gives it.

- corrupt: not what the format allows; Go's decoder returns an error;
- unsupported: valid, but Go's decoders do not read it;
- too large: to be refused by the header alone; a decoder that trusts it takes gigabytes;
- costly: valid and small, but slow: ok, or refused by a limit on scans;
- ok: decodes, although a stricter reader may refuse it.

| file | what it is | bytes | claims | outcome |
|---|---|--:|---|---|
`

// readme describes the fixtures in Markdown.
func readme(good, broken []fixture) []byte {
	var b strings.Builder
	b.WriteString(readmeHead)
	for _, f := range good {
		psnr := "exact"
		if f.leastPSNR > 0 {
			psnr = fmt.Sprintf("%g dB", f.leastPSNR)
		}
		fmt.Fprintf(&b, "| %s | %s | %d | %dx%d | %dx%d | %s |\n", f.name, f.about, len(f.data), f.w, f.h, f.shows.w, f.shows.h, psnr)
	}
	b.WriteString(brokenHead)
	for _, f := range broken {
		size := "-"
		if f.w > 0 {
			size = fmt.Sprintf("%dx%d", f.w, f.h)
		}
		fmt.Fprintf(&b, "| %s | %s | %d | %s | %s |\n", f.name, f.about, len(f.data), size, f.outcome)
	}
	return []byte(b.String())
}
