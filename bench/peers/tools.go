package peers

import (
	"fmt"
	"slices"
)

// Sizes are hints to the decoder of JPEGs as well, which then decodes at 1/2, 1/4 or 1/8.

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

// vips makes gray by its command of that name, a process for a file, which knows no
// scaled decoding but needs none; else vipsthumbnail.
func vips(found []string, w Work, ext string) (args []string, one bool) {
	if !slices.Contains(common, ext) {
		return nil, false
	}
	options := ""
	if slices.Contains(lossy, ext) {
		options = "[Q=85]"
	}
	switch {
	case w.Gray:
		return []string{found[0], "colourspace", "{}", "../out/{}" + options, "b-w"}, true
	case w.Width != 0:
		args = []string{found[1], "--size", fmt.Sprintf("%dx>", w.Width)}
	default:
		args = []string{found[1], "--size", fmt.Sprintf("%dx%d>", w.Thumb, w.Thumb), "--smartcrop", "centre"}
	}
	return append(args, "-o", "../out/%s"+ext+options), false
}

func graphicsMagick(found []string, w Work, ext string) (args []string, one bool) {
	if !slices.Contains(common, ext) {
		return nil, false
	}
	args = append(slices.Clone(found), "-output-directory", "../out", "-define", "jpeg:optimize-coding=false")
	switch {
	case w.Gray:
		args = append(args, "-colorspace", "Gray")
	case w.Width != 0:
		args = append(args, "-size", fmt.Sprintf("%dx%d", w.Width, w.Width), "-resize", fmt.Sprintf("%dx>", w.Width))
	default:
		side := fmt.Sprintf("%dx%d", w.Thumb, w.Thumb)
		args = append(args, "-size", side, "-resize", side+"^", "-gravity", "Center", "-extent", side)
	}
	return append(args, "-quality", "85"), false
}

func imageMagick(found []string, w Work, ext string) (args []string, one bool) {
	if !slices.Contains(common, ext) {
		return nil, false
	}
	args = append(slices.Clone(found), "-path", "../out", "-define", "jpeg:optimize-coding=false")
	switch {
	case w.Gray:
		args = append(args, "-grayscale", "Rec601Luma")
	case w.Width != 0:
		args = append(args, "-define", fmt.Sprintf("jpeg:size=%dx%d", w.Width, w.Width), "-resize", fmt.Sprintf("%dx>", w.Width))
	default:
		side := fmt.Sprintf("%dx%d", w.Thumb, w.Thumb)
		args = append(args, "-define", "jpeg:size="+side, "-resize", side+"^", "-gravity", "Center", "-extent", side)
	}
	return append(args, "-quality", "85"), false
}

func jpegtran(found []string, w Work, ext string) (args []string, one bool) {
	if !w.Gray || !slices.Contains(jpegs, ext) {
		return nil, false
	}
	return []string{found[0], "-grayscale", "-copy", "all", "-outfile", "../out/{}", "{}"}, true
}
