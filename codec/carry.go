package codec

import "github.com/imgpar/imgpar/codec/meta"

// Carry says what goes from an input into its output beside the pixels. The
// zero value is all that the output's format can hold.
type Carry struct {
	Keep     meta.Keep   // which metadata
	StripGPS bool        // without the place where the picture was taken
	Profile  ProfileMode // what becomes of the colour profile, which is none of Keep
}

// ProfileMode says what becomes of a colour profile.
type ProfileMode string

const (
	KeepProfile  ProfileMode = ""      // carried as it is; a gray picture made of a coloured one gets one for its grays
	ToSRGB       ProfileMode = "srgb"  // the colours are converted to sRGB, which needs no profile
	StripProfile ProfileMode = "strip" // taken away, whatever it meant
)
