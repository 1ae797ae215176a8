package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dustin/go-humanize"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/report"
)

// infoText is a file's block for people: its name, and a line for each thing
// that is known. Texts out of the file are shown so that they play no tricks on
// a terminal.
func infoText(s sight, behind bool) string {
	var b strings.Builder
	if behind {
		b.WriteByte('\n')
	}
	fmt.Fprintf(&b, "%s\n", report.Printable(s.name))
	line := func(label, text string) {
		if text != "" {
			fmt.Fprintf(&b, "  %-11s  %s\n", label, report.Printable(text))
		}
	}
	if s.reason != "" {
		line("failed", s.reason)
		return b.String()
	}
	line("format", formatText(s.Header))
	line("size", sizeText(s.Header))
	line("colours", colourText(s.Header))
	line("orientation", orientations[s.Orientation])
	line("profile", profileText(s.Description))
	line("camera", s.Shot.Camera)
	line("lens", s.Shot.Lens)
	line("taken", strings.Replace(s.Shot.Taken, "T", " ", 1))
	line("artist", s.Shot.Artist)
	line("copyright", s.Shot.Copyright)
	line("metadata", metadataText(s.Description))
	line("pictures", framesText(s.Header))
	line("file", humanize.Comma(s.size)+" bytes")
	line("gray", s.gray.String())
	line("resize", s.resize.String())
	return b.String()
}

func formatText(h codec.Header) string {
	name := strings.ToUpper(string(h.Format))
	if h.Format == codec.WebP {
		name = "WebP"
	}
	if h.Variant == "" {
		return name
	}
	return name + ", " + h.Variant
}

// sizeText gives the dimensions, as stored and as shown where they differ.
func sizeText(h codec.Header) string {
	text := fmt.Sprintf("%dx%d", h.Width, h.Height)
	if w, ht := h.Displayed(); w != h.Width || ht != h.Height {
		text = fmt.Sprintf("%dx%d, stored as %s", w, ht, text)
	}
	if mega := float64(h.Width) * float64(h.Height) / 1e6; mega >= 0.1 {
		text += fmt.Sprintf(" (%.1f megapixels)", mega)
	}
	return text
}

// colourText gives the colours and their depth. The index of a palette says how
// many there can be.
func colourText(h codec.Header) string {
	text := string(h.Color)
	if h.Alpha {
		text += " and alpha"
	}
	if h.Color == codec.ColorPalette {
		return fmt.Sprintf("%s, %s a pixel", text, count(h.Bits, "bit"))
	}
	return fmt.Sprintf("%s, %s a channel", text, count(h.Bits, "bit"))
}

// orientations say what must be done to see the picture upright (Exif 2.32, tag
// 0x0112).
var orientations = [9]string{
	1: "1: upright",
	2: "2: mirrored from left to right",
	3: "3: upside down",
	4: "4: mirrored from top to bottom",
	5: "5: mirrored along the falling diagonal",
	6: "6: to be turned 90 degrees clockwise",
	7: "7: mirrored along the rising diagonal",
	8: "8: to be turned 90 degrees counterclockwise",
}

func profileText(d codec.Description) string {
	p := d.Profile
	if p == nil {
		return "none"
	}
	if p.Fault != "" {
		return "damaged: " + p.Fault
	}
	text := p.Name
	if text == "" {
		text = "without a name"
	}
	as := ""
	if p.SRGB {
		as = "as sRGB, "
	}
	return fmt.Sprintf("%s (%s%s, %s)", text, as, p.Space, bytesText(len(d.Metadata.ICC)))
}

func metadataText(d codec.Description) string {
	var parts []string
	add := func(name string, data []byte) {
		if data != nil {
			parts = append(parts, name+" "+bytesText(len(data)))
		}
	}
	m := d.Metadata
	add("EXIF", m.EXIF)
	add("XMP", m.XMP)
	add("extended XMP", m.ExtendedXMP)
	add("IPTC", m.IPTC)
	for _, c := range m.Comments {
		add("comment", c)
	}
	for _, c := range slices.Concat(m.Text, m.Color) {
		add(strings.TrimSpace(c.Name+" "+c.Keyword()), c.Data)
	}
	parts = append(parts, m.Other...)
	if d.Shot.GPS {
		parts = append(parts, "with GPS")
	}
	if len(parts) == 0 {
		return "none"
	}
	return strings.Join(parts, ", ")
}

func framesText(h codec.Header) string {
	switch {
	case h.Animated && h.Loop == 0:
		return fmt.Sprintf("animation of %s, played for ever", count(h.Frames, "frame"))
	case h.Animated && h.Loop == 1:
		return fmt.Sprintf("animation of %s, played once", count(h.Frames, "frame"))
	case h.Animated:
		return fmt.Sprintf("animation of %s, played %s", count(h.Frames, "frame"), count(h.Loop, "time"))
	case h.Frames > 1:
		return count(h.Frames, "page")
	}
	return ""
}

func bytesText(n int) string { return count(n, "byte") }

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return humanize.Comma(int64(n)) + " " + noun + "s"
}
