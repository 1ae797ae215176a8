package chart

import (
	"image/color"
	"strings"
	"sync"
	"unicode"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	xfont "golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg/draw"
)

// Colours of series are those of Okabe and Ito, "Color Universal Design", 2008, which
// people with any kind of colour vision tell apart.
var (
	paper      = color.RGBA{0xff, 0xff, 0xff, 0xff}
	ink        = color.RGBA{0x1f, 0x23, 0x28, 0xff}
	muted      = color.RGBA{0x59, 0x63, 0x6e, 0xff}
	grid       = color.RGBA{0xdf, 0xe3, 0xe8, 0xff}
	blue       = color.RGBA{0x00, 0x72, 0xb2, 0xff}
	vermillion = color.RGBA{0xd5, 0x5e, 0x00, 0xff}
	green      = color.RGBA{0x00, 0x9e, 0x73, 0xff}
	purple     = color.RGBA{0xcc, 0x79, 0xa7, 0xff}
	orange     = color.RGBA{0xe6, 0x9f, 0x00, 0xff}
	gray       = color.RGBA{0x8b, 0x93, 0x9c, 0xff} // peers; not of the eight
)

// look is how a mode is drawn, told by colour and by shape.
type look struct {
	color color.RGBA
	shape draw.GlyphDrawer
}

// lookOf knows the modes of imgpar; a mode of the future is purple.
func lookOf(mode string) look {
	switch mode {
	case "sequential":
		return look{ink, diamond{}}
	case "goroutine":
		return look{blue, draw.CircleGlyph{}}
	case "proc":
		return look{vermillion, draw.BoxGlyph{}}
	case "auto":
		return look{green, draw.PyramidGlyph{}}
	}
	return look{purple, draw.PlusGlyph{}}
}

// fonts are parsed when the first chart is drawn: at the start of a process, which a
// worker's is too, that would be for nothing.
var fonts = sync.OnceValue(func() *font.Cache {
	var faces font.Collection
	for _, f := range []struct {
		ttf    []byte
		weight xfont.Weight
	}{{liberationsansregular.TTF, xfont.WeightNormal}, {liberationsansbold.TTF, xfont.WeightBold}} {
		face, err := opentype.Parse(f.ttf)
		if err != nil {
			panic(err) // it is part of the program
		}
		faces = append(faces, font.Face{Font: typeface(f.weight, 0), Face: face})
	}
	return font.NewCache(faces)
})

func typeface(weight xfont.Weight, size font.Length) font.Font {
	return font.Font{Typeface: "Liberation", Variant: "Sans", Weight: weight, Size: size}
}

// style is that of a text which ends, begins or is centred at its point.
func style(c color.Color, size font.Length, x text.XAlignment, y text.YAlignment) draw.TextStyle {
	return draw.TextStyle{Color: c, Font: typeface(xfont.WeightNormal, size), XAlign: x, YAlign: y, Handler: text.Plain{Fonts: fonts()}}
}

func bold(s draw.TextStyle) draw.TextStyle {
	s.Font.Weight = xfont.WeightBold
	return s
}

// fit makes a line of what may be any text, and cuts it to a width.
func fit(s draw.TextStyle, txt string, width font.Length) string {
	txt = printable(txt)
	if s.Width(txt) <= width {
		return txt
	}
	runes := []rune(txt)
	for len(runes) > 0 && s.Width(string(runes)+"…") > width {
		runes = runes[:len(runes)-1]
	}
	return string(runes) + "…"
}

// printable replaces what no XML document may contain, and line ends.
func printable(txt string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return unicode.ReplacementChar
	}, strings.ToValidUTF8(txt, string(unicode.ReplacementChar)))
}
