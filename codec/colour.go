package codec

import "image"

// inProfile returns the picture and the profile that go into a file: converted
// to sRGB without one, as it is with none, or as it is with its own, of which
// a gray picture of a profile for colours takes the curve. A profile that cannot
// be converted is kept and noted.
func inProfile(img image.Image, profile []byte, mode ProfileMode) (out image.Image, kept []byte, notes []string, err error) {
	return img, profile, nil, nil // to do
}

// grayProfile returns the profile for the luma of a picture that has this one,
// nil where that means the gray of sRGB, and notes what is lost.
func grayProfile(profile []byte) (gray []byte, notes []string) {
	return nil, nil // to do
}

// isForeign tells whether a picture with this profile has other colours, or
// grays, than those of sRGB, so that ToSRGB has something to convert, and can.
func isForeign(profile []byte) bool {
	return false // to do
}
