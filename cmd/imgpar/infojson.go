package main

import (
	"encoding/json"
	"io"
	"slices"
	"unicode/utf8"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
	"github.com/imgpar/imgpar/internal/transform"
)

// infoLine is a line of info --json. Scripts depend on it: fields are only ever
// added. Of a file that could not be read there are only those up to InBytes.
type infoLine struct {
	Type      string      `json:"type"` // "info"
	Input     string      `json:"input"`
	InputName []byte      `json:"input_base64,omitempty"` // where Input is not the name to the byte
	Outcome   job.Outcome `json:"outcome"`                // "ok" or "failed"
	Reason    string      `json:"reason"`
	InBytes   int64       `json:"in_bytes"`
	*infoFields
}

type infoFields struct {
	Format          codec.Format `json:"format"`
	Variant         string       `json:"variant"`
	Width           int          `json:"width"` // as stored
	Height          int          `json:"height"`
	DisplayedWidth  int          `json:"displayed_width"`
	DisplayedHeight int          `json:"displayed_height"`
	Bits            int          `json:"bits"` // of a channel
	Color           codec.Color  `json:"color"`
	Alpha           bool         `json:"alpha"`
	Orientation     int          `json:"orientation"`
	Frames          int          `json:"frames"`
	Animated        bool         `json:"animated"`
	Loop            int          `json:"loop"`
	Profile         *infoProfile `json:"profile"` // null: none
	Camera          string       `json:"camera"`
	Lens            string       `json:"lens"`
	Taken           string       `json:"taken"`
	Artist          string       `json:"artist"`
	Copyright       string       `json:"copyright"`
	GPS             bool         `json:"gps"`
	EXIFBytes       int          `json:"exif_bytes"`
	XMPBytes        int          `json:"xmp_bytes"`
	IPTCBytes       int          `json:"iptc_bytes"`
	CommentBytes    []int        `json:"comment_bytes"` // of each
	Chunks          []infoChunk  `json:"chunks"`        // of a PNG: texts, and what it says of its colours without a profile
	Other           []string     `json:"other"`         // metadata that are not carried, by name
	Gray            infoWay      `json:"gray"`
	Resize          infoWay      `json:"resize"`
}

type infoProfile struct {
	Name  string `json:"name"`
	Space string `json:"space"`
	SRGB  bool   `json:"srgb"`
	Bytes int    `json:"bytes"`
	Fault string `json:"fault"` // why it cannot be read, or ""
}

type infoChunk struct {
	Name    string `json:"name"`    // of four letters
	Keyword string `json:"keyword"` // of a text, or ""
	Bytes   int    `json:"bytes"`
}

type infoWay struct {
	Route  string `json:"route"` // "splice", "coefficients", "planes" or "pixels"; "": not possible
	Scale  int    `json:"scale"`
	Reason string `json:"reason"`
}

// writeInfoLine writes a line with one call.
func writeInfoLine(w io.Writer, s sight) error {
	l := infoLine{Type: "info", Input: s.name, Outcome: job.OK, Reason: s.reason, InBytes: s.size}
	if !utf8.ValidString(s.name) {
		l.InputName = []byte(s.name)
	}
	if s.reason != "" {
		l.Outcome = job.Failed
	} else {
		l.infoFields = fieldsOf(s)
	}
	data, err := json.Marshal(l)
	if err != nil {
		return err
	}
	_, err = w.Write(append(data, '\n'))
	return err
}

func fieldsOf(s sight) *infoFields {
	width, height := s.Displayed()
	f := &infoFields{
		Format: s.Format, Variant: s.Variant, Width: s.Width, Height: s.Height, DisplayedWidth: width, DisplayedHeight: height,
		Bits: s.Bits, Color: s.Color, Alpha: s.Alpha, Orientation: s.Orientation,
		Frames: s.Frames, Animated: s.Animated, Loop: s.Loop,
		Camera: s.Shot.Camera, Lens: s.Shot.Lens, Taken: s.Shot.Taken, Artist: s.Shot.Artist, Copyright: s.Shot.Copyright, GPS: s.Shot.GPS,
		EXIFBytes: len(s.Metadata.EXIF), XMPBytes: len(s.Metadata.XMP) + len(s.Metadata.ExtendedXMP), IPTCBytes: len(s.Metadata.IPTC),
		CommentBytes: []int{}, Chunks: []infoChunk{}, Other: append([]string{}, s.Metadata.Other...),
		Gray: wayOf(s.gray), Resize: wayOf(s.resize),
	}
	for _, c := range s.Metadata.Comments {
		f.CommentBytes = append(f.CommentBytes, len(c))
	}
	for _, c := range slices.Concat(s.Metadata.Text, s.Metadata.Color) {
		f.Chunks = append(f.Chunks, infoChunk{c.Name, c.Keyword(), len(c.Data)})
	}
	if p := s.Profile; p != nil {
		f.Profile = &infoProfile{p.Name, p.Space, p.SRGB, len(s.Metadata.ICC), p.Fault}
	}
	return f
}

func wayOf(w transform.Way) infoWay { return infoWay{w.Route, w.Scale, w.Reason} }
