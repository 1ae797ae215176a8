module github.com/imgpar/imgpar/bench/turbo

go 1.26.0

require github.com/imgpar/imgpar v0.0.0

require golang.org/x/sys v0.49.0 // indirect

replace github.com/imgpar/imgpar => ../..
