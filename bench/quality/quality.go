// Package quality measures what pixels lose, against a reference that is made with
// full decoding and the best resampling, of nobody who is compared.
package quality

import "github.com/imgpar/imgpar/bench/peers"

// PSNR returns the peak signal-to-noise ratio of the luma of a written file, dB,
// against the reference made of its source. Dimensions that differ are an error.
func PSNR(source, written string, w peers.Work) (float64, error) { panic("to be written") }
