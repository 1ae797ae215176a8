package peers

import (
	"fmt"
	"slices"
)

// anyHeight leaves the height to the width.
const anyHeight = 100000

// hint is the size that the two Magicks pass to the decoder of JPEGs, which then decodes
// at 1/2, 1/4 or 1/8, no smaller than that. It may make a smaller picture larger.
func hint(side int) string { return fmt.Sprintf("%dx%d", side, side) }

// These variables keep each process to one thread; the processes are the workers.
var (
	vipsEnv   = []string{"VIPS_CONCURRENCY=1"}
	magickEnv = []string{"OMP_NUM_THREADS=1", "MAGICK_THREAD_LIMIT=1"}
)

// Formats that these programs write, by extension, in their usual builds.
var (
	jpegs  = []string{".jpg", ".jpeg"}
	lossy  = append([]string{".webp"}, jpegs...)
	common = append([]string{".png", ".gif", ".tif", ".tiff"}, lossy...)
)

// vips makes gray by the program of that name, which takes one file; vipsthumbnail, which
// takes many and decodes JPEGs at 1/2, 1/4 or 1/8, knows no gray. recomb with the weights
// of luma takes a tenth less CPU than colourspace, but fails at what is gray or has alpha.
func vips(found []string, w Work, ext string) (args []string) {
	if !slices.Contains(common, ext) {
		return nil
	}
	options := ""
	if slices.Contains(lossy, ext) {
		options = "[Q=85]"
	}
	switch {
	case w.Gray:
		return []string{found[0], "colourspace", "{}", "out/{}" + options, "b-w"}
	case w.Width != 0:
		args = []string{found[1], "--size", fmt.Sprintf("%dx%d>", w.Width, anyHeight)}
	default:
		args = []string{found[1], "--size", fmt.Sprintf("%dx%d>", w.Thumb, w.Thumb), "--smartcrop", "centre"}
	}
	return append(args, "-o", "out/%s"+ext+options)
}

// graphicsMagick makes small pictures by -thumbnail, which takes 40 % less CPU than -resize
// and costs 1.4 dB.
func graphicsMagick(found []string, w Work, ext string) (args []string) {
	if !slices.Contains(common, ext) {
		return nil
	}
	args = append(slices.Clone(found), "-output-directory", "out", "-auto-orient", "-define", "jpeg:optimize-coding=false")
	switch {
	case w.Gray:
		args = append(args, "-colorspace", "Gray")
	case w.Width != 0:
		args = append(args, "-size", hint(w.Width), "-thumbnail", fmt.Sprintf("%dx%d>", w.Width, anyHeight))
	default:
		side := hint(w.Thumb)
		args = append(args, "-size", side, "-thumbnail", side+"^", "-gravity", "Center", "-extent", side)
	}
	return append(args, "-quality", "85")
}

func imageMagick(found []string, w Work, ext string) (args []string) {
	if !slices.Contains(common, ext) {
		return nil
	}
	args = append(slices.Clone(found), "-path", "out", "-auto-orient", "-define", "jpeg:optimize-coding=false")
	switch {
	case w.Gray:
		args = append(args, "-grayscale", "Rec601Luma")
	case w.Width != 0:
		args = append(args, "-define", "jpeg:size="+hint(w.Width), "-resize", fmt.Sprintf("%dx%d>", w.Width, anyHeight))
	default:
		side := hint(w.Thumb)
		args = append(args, "-define", "jpeg:size="+side, "-resize", side+"^", "-gravity", "Center", "-extent", side)
	}
	return append(args, "-quality", "85")
}

func jpegtran(found []string, w Work, ext string) []string {
	if !w.Gray || !slices.Contains(jpegs, ext) {
		return nil
	}
	return []string{found[0], "-grayscale", "-copy", "all", "-outfile", "out/{}", "{}"}
}
