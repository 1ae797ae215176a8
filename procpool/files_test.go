package procpool

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// copyFiles writes what the first file holds to the others, and counts them.
func copyFiles(files []*os.File) ([]byte, error) {
	data, err := io.ReadAll(io.NewSectionReader(files[0], 0, 1<<20))
	for _, f := range files[1:] {
		_, werr := f.WriteAt(data, 0)
		err = errors.Join(err, werr)
	}
	return []byte(strconv.Itoa(len(files))), err
}

func TestFilesTravel(t *testing.T) {
	pool := newPool(t, Config{Workers: 1})
	dir := t.TempDir()
	for _, n := range []int{1, 2, MaxFiles} {
		files := make([]*os.File, n)
		for i := range files {
			f, err := os.Create(filepath.Join(dir, fmt.Sprint(n, i)))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			files[i] = f
		}
		want := bytes.Repeat([]byte{byte(n)}, 1000)
		if _, err := files[0].WriteAt(want, 0); err != nil {
			t.Fatal(err)
		}
		result, err := pool.Do(t.Context(), Task{Payload: []byte("copy"), Files: files})
		if err != nil || string(result) != strconv.Itoa(n) {
			t.Fatalf("%d files: %q, %v", n, result, err)
		}
		for _, f := range files {
			got, err := os.ReadFile(f.Name())
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s holds %d bytes, %v", f.Name(), len(got), err)
			}
		}
	}
	if _, err := pool.Do(t.Context(), Task{Payload: []byte("copy"), Files: make([]*os.File, MaxFiles+1)}); !errors.Is(err, ErrTooManyFiles) {
		t.Errorf("one file too many: %v", err)
	}
	answer(t, pool, "echo on")
}

// Descriptors of a task must not stay in the child.
func TestFilesAreClosedBehindATask(t *testing.T) {
	pool := newPool(t, Config{Workers: 1})
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := pool.Do(t.Context(), Task{Payload: []byte("echo"), Files: []*os.File{w}}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if n, err := r.Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("the pipe is held open: %d, %v", n, err)
	}
}
