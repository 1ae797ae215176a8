package jpeg

// Planes is a picture as samples, each component by itself and in its own
// resolution.
type Planes struct {
	Width, Height int // pixels
	Color         ColorModel
	Planes        []Plane // one for each component
}

// Plane is the samples of one component, row by row.
type Plane struct {
	H, V          int // sampling factors, 1 to 4
	Width, Height int // samples that belong to the picture
	Stride        int // samples from a row to the next, at least Width
	Pix           []byte
}
