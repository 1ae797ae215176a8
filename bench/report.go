package bench

import (
	"slices"
	"time"
)

// Report is all that a bench found out: what --json writes, and what tables, charts
// and the page are made of.
type Report struct {
	Type    string    `json:"type"` // "imgpar-bench"
	Version int       `json:"version"`
	Date    time.Time `json:"date"`
	Command []string  `json:"command"` // that measured all this
	Machine Machine   `json:"machine"`
	Workers int       `json:"workers"`  // the most that rows have, and that peers have
	Spawn   Stat      `json:"spawn_ms"` // from asking for a subprocess to its being ready, milliseconds
	Loads   []Load    `json:"loads"`
}

// Machine is where it was measured.
type Machine struct {
	OS     string `json:"os"` // as runtime.GOOS, with Arch
	Arch   string `json:"arch"`
	Kernel string `json:"kernel"`
	CPU    string `json:"cpu"`  // model, or Arch where the system names none
	CPUs   int    `json:"cpus"` // that this process may use
	Memory int64  `json:"memory_bytes"`
	Go     string `json:"go"`
	Imgpar string `json:"imgpar"` // version
}

// Load is one operation on one set of files, and how fast everybody was at it.
type Load struct {
	Name    string   `json:"name"` // "gray", "resize 1200", "thumb 256", "tiny gray"
	Args    []string `json:"args"` // of imgpar
	Corpus  string   `json:"corpus"`
	Files   int      `json:"files"`
	OK      int      `json:"ok"`
	Pixels  int64    `json:"pixels"` // of the sources
	InBytes int64    `json:"in_bytes"`
	Rounds  int      `json:"rounds"`          // counted ones
	Settled bool     `json:"settled"`         // the rounds ended because the spread of every row was small, not because time was up or --rounds reached
	Rows    []Row    `json:"rows"`            // imgpar's; the sequential one first
	Peers   []Peer   `json:"peers,omitempty"` // who needs the least CPU first
	Verdict string   `json:"verdict"`         // a sentence that names the winner, and why
	Notes   []string `json:"notes,omitempty"` // what else is to be known, such as a peer that could not do it
}

// Row is a mode of imgpar on a number of workers.
type Row struct {
	Mode    string `json:"mode"`
	Workers int    `json:"workers"`
	Figures
	FilesPerSecond Stat    `json:"files_per_second"`
	MPPerSecond    Stat    `json:"megapixels_per_second"` // of the sources
	MBPerSecond    Stat    `json:"megabytes_per_second"`  // of the sources
	SpeedUp        float64 `json:"speed_up"`              // against the sequential row: median of the ratios round by round
	Efficiency     float64 `json:"efficiency"`            // times as fast as the same mode on one worker (auto: as the sequential row), for each worker
	TaskMicros     float64 `json:"task_us"`               // CPU that a file costs beyond the sequential row, microseconds
	P50            float64 `json:"p50_ms"`                // of a file, from its opening to its name, milliseconds
	P99            float64 `json:"p99_ms"`
	SameBytes      bool    `json:"same_bytes"` // every output is that of the sequential row
}

// Figures are those that a whole process has, whoever's it is.
type Figures struct {
	Wall Stat    `json:"wall_seconds"`
	CPU  Stat    `json:"cpu_seconds"` // user and system, of all processes
	Peak float64 `json:"peak_mb"`     // most memory of all processes together, what they share counted once (PSS), megabytes
}

// Peer is another program at the same work, on as many workers as there are CPUs.
type Peer struct {
	Name    string   `json:"name"`
	Version string   `json:"version"`
	Command []string `json:"command"`
	Figures
	OK        int     `json:"ok"`          // files it wrote
	CPURatio  float64 `json:"cpu_ratio"`   // its CPU seconds for each of imgpar's in its default mode on as many workers: median of the rounds
	WallRatio float64 `json:"wall_ratio"`  // the same of wall time
	PSNR      float64 `json:"psnr_db"`     // median over the files, of luma, against the reference; 0: not measured, Identical: no sample differs
	OwnPSNR   float64 `json:"own_psnr_db"` // imgpar's, on the same files
}

// Identical is the PSNR, dB, of pictures of which no sample differs. It is far above what
// one sample that differs by 1 gives in the largest picture, and JSON has no infinity.
const Identical = 200

// Default returns the row of imgpar as it runs by default, which peers are held against;
// nil: it was not measured.
func (l Load) Default() *Row {
	for i := range l.Rows {
		if l.Rows[i].Mode == auto {
			return &l.Rows[i]
		}
	}
	return nil
}

// SameBytes tells whether every run of imgpar wrote what the first one wrote.
func (r Report) SameBytes() bool {
	for _, l := range r.Loads {
		if slices.ContainsFunc(l.Rows, func(row Row) bool { return !row.SameBytes }) {
			return false
		}
	}
	return true
}

// Stat is a figure over the rounds.
type Stat struct {
	Median float64 `json:"median"`
	Min    float64 `json:"min"`
	Max    float64 `json:"max"`
	Spread float64 `json:"spread"` // the interquartile range for each unit of the median; 0.03 is 3 %
}
