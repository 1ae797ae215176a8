package diskfile

import (
	"io"
	"os"
	"path/filepath"
	"testing"
)

// What is opened, and what stands against it, is as package os has it.
func TestOpenIsThatOfTheSystem(t *testing.T) {
	dir := t.TempDir()
	there := filepath.Join(dir, "there")
	if err := os.WriteFile(there, []byte("text"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		flag int
	}{
		{there, os.O_RDONLY},
		{there, os.O_RDWR | os.O_CREATE},
		{there, os.O_WRONLY | os.O_CREATE | os.O_EXCL},
		{filepath.Join(dir, "absent"), os.O_RDONLY},
		{filepath.Join(there, "below"), os.O_RDWR | os.O_CREATE},
		{"a\x00b", os.O_RDONLY},
	} {
		want, wantErr := os.OpenFile(c.name, c.flag, 0o600)
		got, err := Open(c.name, c.flag, 0o600)
		switch {
		case (err == nil) != (wantErr == nil), err != nil && err.Error() != wantErr.Error():
			t.Errorf("%q, flags %#x: %v, want %v", c.name, c.flag, err, wantErr)
		case err != nil:
			continue
		}
		text, err := io.ReadAll(got)
		if string(text) != "text" || err != nil || got.Name() != c.name {
			t.Errorf("%q, flags %#x: it is %q and holds %q, %v", c.name, c.flag, got.Name(), text, err)
		}
		for _, f := range []*os.File{want, got} {
			if err := f.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}
