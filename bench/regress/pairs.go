package main

// pair is two Go benchmarks of one package that do the same work.
type pair struct {
	name         string // of the ratio
	pkg          string
	ours, theirs string // without "Benchmark"
}

// pairs are the peers that are everywhere: the standard library, golang.org/x/image and
// disintegration/imaging.
var pairs = []pair{
	{"jpeg decode / image/jpeg", "codec/jpeg", "Decode/ours", "Decode/image/jpeg"},
	{"jpeg encode / image/jpeg", "codec/jpeg", "Encode/ours", "Encode/image/jpeg"},
	{"png decode / image/png", "codec/png", "Decode/ours", "Decode/image/png"},
	{"png encode rgb / image/png", "codec/png", "Encode/rgb/ours", "Encode/rgb/image/png"},
	{"png encode gray / image/png", "codec/png", "Encode/gray/ours", "Encode/gray/image/png"},
	{"tiff decode / x/image", "codec/tiff", "Decode/ours", "Decode/x/image"},
	{"bmp decode / x/image", "codec/bmp", "Decode/ours", "Decode/x/image"},
	{"resize / imaging", "ops", "Resize12MP/ours", "Resize12MP/imaging"},
	{"resize / x/image", "ops", "Resize12MP/ours", "Resize12MP/x/image"},
	{"blur / imaging", "ops", "Peers/blur/ours", "Peers/blur/imaging"},
	{"gray / imaging", "ops", "Peers/gray/ours", "Peers/gray/imaging"},
	{"invert / imaging", "ops", "Peers/invert/ours", "Peers/invert/imaging"},
	{"turn / imaging", "ops", "Peers/turn/ours", "Peers/turn/imaging"},
	{"gray of a photo's file / imaging", "internal/transform", "Do/gray/photo/ours", "Do/gray/photo/imaging"},
	{"gray of a tiny file / imaging", "internal/transform", "Do/gray/tiny/ours", "Do/gray/tiny/imaging"},
	{"resize of a photo's file / imaging", "internal/transform", "Do/resize/photo/ours", "Do/resize/photo/imaging"},
	{"thumb of a photo's file / imaging", "internal/transform", "Do/thumb/photo/ours", "Do/thumb/photo/imaging"},
}
