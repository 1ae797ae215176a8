module github.com/imgpar/imgpar/testdata/gen

go 1.26.0

require golang.org/x/image v0.47.0
