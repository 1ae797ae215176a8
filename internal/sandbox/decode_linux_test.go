//go:build linux && (amd64 || arm64)

package sandbox

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/ops"
	"github.com/imgpar/imgpar/procpool"
)

// decodeAll is a worker: it reads the first file of a task, takes the picture through the
// pipeline in the payload, and writes the second in every format.
func decodeAll(enter func() error, _ []string) (string, error) {
	return "", procpool.Serve(procpool.Service{Ready: enter, Handle: func(ctx context.Context, r procpool.Request) ([]byte, error) {
		info, err := r.Files[0].Stat()
		if err != nil {
			return nil, err
		}
		data := make([]byte, info.Size())
		if _, err := r.Files[0].ReadAt(data, 0); err != nil {
			return nil, err
		}
		result, err := convert(ctx, data, string(r.Payload))
		if err != nil {
			return nil, err
		}
		if err := r.Files[1].Truncate(int64(len(result))); err != nil {
			return nil, err
		}
		_, err = r.Files[1].WriteAt(result, 0)
		return nil, err
	}})
}

// maxPixels keeps the test short where it is given many pictures.
const maxPixels = 1_000_000

// convert returns the picture in every format, one behind another.
func convert(ctx context.Context, data []byte, recipe string) ([]byte, error) {
	p, err := codec.Decode(ctx, data, codec.DecodeOptions{MaxPixels: maxPixels})
	if err != nil {
		return nil, err
	}
	pipeline, err := ops.Parse(recipe)
	if err != nil {
		return nil, err
	}
	img, err := pipeline.Apply(ctx, p.Image)
	if err != nil {
		return nil, err
	}
	var all []byte
	for _, format := range codec.Formats() {
		if !format.Write {
			continue
		}
		var buf bytes.Buffer
		if _, err := codec.Encode(&buf, img, codec.Options{Format: format.Format}); err != nil {
			buf.WriteString(err.Error()) // not every format holds every picture
		}
		all = append(all, buf.Bytes()...)
	}
	return all, nil
}

// picturesEnv names another folder than that of the fixtures.
const picturesEnv = "SANDBOX_PICTURES"

// All that the codecs and operations need of the system must be left: a worker behind the
// filter has to answer as this process does, be the picture good or broken.
func TestPictures(t *testing.T) {
	pool, err := procpool.New(procpool.Config{Workers: 1, Args: []string{}, Env: []string{
		roleEnv + "=decode", policyEnv + "=" + confined(Policy{FileSize: 1 << 30, Files: 32}), "GORACE=atexit_sleep_ms=0"}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := pool.Close(); err != nil {
			t.Error(err)
		}
	}()
	recipes := []string{"resize w=40 | rotate 7", "thumb 32 | gray | sharpen 0.5", "adjust brightness=10 | invert | blur 2", "crop 10x10 | flip h"}
	for _, recipe := range recipes {
		if _, err := ops.Parse(recipe); err != nil {
			t.Fatal(err)
		}
	}
	folder := os.Getenv(picturesEnv)
	if folder == "" {
		folder = "../../testdata/images"
	}
	seen, converted := 0, 0
	err = filepath.WalkDir(folder, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		recipe := recipes[seen%len(recipes)]
		seen++
		want, wantErr := convert(t.Context(), data, recipe)
		got, gotErr := inPool(t, pool, name, recipe)
		if fmt.Sprint(gotErr) != fmt.Sprint(wantErr) {
			t.Errorf("%s: %v\nwant %v", name, gotErr, wantErr)
		}
		if wantErr == nil {
			converted++
			if !bytes.Equal(got, want) {
				t.Errorf("%s: %d bytes, want %d others", name, len(got), len(want))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d of %d pictures converted", converted, seen)
	if converted < 60 {
		t.Errorf("only %d of %d pictures could be converted", converted, seen)
	}
}

func inPool(t *testing.T, pool *procpool.Pool, name, recipe string) ([]byte, error) {
	in, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	if _, err := pool.Do(t.Context(), procpool.Task{Payload: []byte(recipe), Files: []*os.File{in, out}}); err != nil {
		return nil, err
	}
	return os.ReadFile(out.Name())
}
