package codec

import (
	"strings"
	"testing"
)

func TestSniff(t *testing.T) {
	for head, want := range map[string]Format{
		"\xff\xd8\xff\xe0":             JPEG,
		"\x89PNG\r\n\x1a\n\x00":        PNG,
		"GIF87a":                       GIF,
		"GIF89a":                       GIF,
		"II*\x00\x08":                  TIFF,
		"II+\x00\x08":                  TIFF,
		"MM\x00+\x00":                  TIFF,
		"MM\x00*\x00":                  TIFF,
		"RIFF\x10\x00\x00\x00WEBPVP8 ": WebP,
		"BM\x00\x00\x00\x00":           BMP,
		"":                             "",
		"\xff\xd8":                     "",
		"\x89PNG\r\n\x1a":              "",
		"GIF88a":                       "",
		"BM":                           "",
		"RIFF\x10\x00\x00\x00WAVEfmt ": "",
		"RIFF\x10\x00\x00\x00WEB":      "",
	} {
		if got, ok := Sniff([]byte(head)); got != want || ok != (want != "") {
			t.Errorf("%q is %q, %v; want %q", head, got, ok, want)
		}
	}
}

// A refusal says what the file is, so that nobody thinks it damaged.
func TestForeignFormatsAreNamed(t *testing.T) {
	for head, want := range map[string]string{
		"\x00\x00\x00\x1cftypavif":        "AVIF",
		"\x00\x00\x00\x1cftypavis":        "AVIF",
		"\x00\x00\x00\x18ftypheic":        "HEIC",
		"\x00\x00\x00\x18ftyphevc":        "HEIC",
		"\x00\x00\x00\x18ftypmif1":        "HEIC",
		"\x00\x00\x00\x18ftypmsf1":        "HEIC",
		"\x00\x00\x00\x18ftypcrx ":        "a video or raw file (ISO base media)",
		"\xff\x0a\x00":                    "JPEG XL",
		"\x00\x00\x00\x0cJXL \r\n\x87\n":  "JPEG XL",
		"\x00\x00\x00\x0cjP  \r\n\x87\n":  "JPEG 2000",
		"\xff\x4f\xff\x51":                "JPEG 2000",
		"%PDF-1.7":                        "PDF",
		"8BPS\x00\x01":                    "Photoshop (PSD)",
		"<svg xmlns=":                     "SVG or XML text",
		"<?xml version":                   "SVG or XML text",
		"\x00\x00\x01\x00\x01":            "ICO",
		"\x76\x2f\x31\x01":                "OpenEXR",
		"qoif":                            "QOI",
		"P6\n3 2":                         "Netpbm",
		"P1 ":                             "Netpbm",
		"#?RADIANCE\n":                    "Radiance HDR",
		"Plain text is no picture at all": "not a picture in a format that is read",
		"P8 is no Netpbm":                 "not a picture in a format that is read",
	} {
		_, err := header([]byte(head))
		if want := "unsupported: " + want; err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", head, err, want)
		}
	}
}

func TestParseFormat(t *testing.T) {
	for name, want := range map[string]Format{
		"jpeg": JPEG, "jpg": JPEG, "JPG": JPEG, "jpe": JPEG, "jfif": JPEG,
		"png": PNG, "gif": GIF, "bmp": BMP, "dib": BMP, "tiff": TIFF, "Tif": TIFF, "webp": WebP, "WebP": WebP,
	} {
		if got, err := ParseFormat(name); got != want || err != nil {
			t.Errorf("%s is %q, %v; want %q", name, got, err, want)
		}
	}
	const can = "formats to write: jpeg, png, gif, bmp, tiff, webp"
	for name, want := range map[string]string{
		"avif": "is not a format imgpar knows",
		".jpg": "is not a format imgpar knows",
		"":     "is not a format imgpar knows",
	} {
		_, err := ParseFormat(name)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), can) {
			t.Errorf("%q: %v, want it to say %q and %q", name, err, want, can)
		}
	}
}

func TestEveryFormatHasADefaultThatCanBeWritten(t *testing.T) {
	for _, i := range Formats() {
		if got := i.Format.Default(); got != i.Format || !got.CanWrite() {
			t.Errorf("%s is written as %s", i.Format, got)
		}
		if i.Format.CanWrite() != i.Write {
			t.Errorf("%s: CanWrite is %v", i.Format, i.Format.CanWrite())
		}
		for _, ext := range i.Extensions {
			for _, name := range []string{"a" + ext, "a.b" + strings.ToUpper(ext), "dir.x/y" + ext} {
				if got, ok := FromName(name); got != i.Format || !ok {
					t.Errorf("%s claims %q", name, got)
				}
			}
		}
		if got, ok := FromName("a" + i.Format.Extension()); got != i.Format || !ok {
			t.Errorf("the extension %s of %s claims %q", i.Format.Extension(), i.Format, got)
		}
	}
	for _, name := range []string{"", "a", "a.", "jpg", "a.jpg/b", "a.txt", "a.jpg "} {
		if got, ok := FromName(name); ok {
			t.Errorf("%q claims %q", name, got)
		}
	}
	if f := Format("avif"); f.CanWrite() || f.Extension() != "" || f.Default() != PNG {
		t.Errorf("a format that is not known: %v, %q, %s", f.CanWrite(), f.Extension(), f.Default())
	}
}
