package bench

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReportIsReadAsWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "report.json")
	write := func(r Report) string {
		f, err := os.Create(file)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := r.WriteJSON(f); err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	want := sampleReport()
	if text := write(want); !strings.Contains(text, `"wall_seconds": {`) || strings.Contains(text, `"Figures"`) {
		t.Errorf("figures are not fields of the row: %s", text)
	}
	got, err := ReadReport(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	want.Version++
	write(want)
	if _, err := ReadReport(file); err == nil || !strings.Contains(err.Error(), "not a report") {
		t.Errorf("a report of the future: %v", err)
	}
	if err := os.WriteFile(file, []byte("{"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadReport(file); err == nil {
		t.Error("half a report was read")
	}
	if _, err := ReadReport(file + "?"); err == nil {
		t.Error("a file that is not there was read")
	}
}
