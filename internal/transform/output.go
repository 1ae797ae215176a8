package transform

import (
	"context"
	"fmt"
	"io/fs"
	"runtime/debug"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
)

// output is the work on one target of a job.
type output struct {
	task
	res    job.Result // of a job with this target alone
	needs  *codec.NeedsPixelsError
	shrunk bool // it could be had without coding anew, but is too large
	done   bool // res is final
}

// outputs are those of j, in its order. Those that are up to date are done.
func outputs(j job.Job) []*output {
	outs := make([]*output, len(j.Targets()))
	for i := range outs {
		one := only(j, i)
		outs[i] = &output{task: task{Job: one}, res: one.End(job.OK, "")}
		if one.UpToDate {
			outs[i].end(job.Skipped, job.ReasonUpToDate)
		}
	}
	return outs
}

// each calls do for those that are not done.
func each(outs []*output, do func(*output)) {
	for _, o := range outs {
		if !o.done {
			do(o)
		}
	}
}

// wanted tells whether there is one that is not done.
func wanted(outs []*output) (any bool) {
	each(outs, func(*output) { any = true })
	return any
}

// end makes res final.
func (o *output) end(outcome job.Outcome, reason string) {
	o.done = true
	if outcome != job.OK {
		pixels := o.res.Pixels
		o.res = o.Job.End(outcome, reason)
		o.res.Pixels = pixels
	}
}

func (o *output) fail(err error) {
	o.end(classify(err))
	o.res.DiskFull = diskFull(err)
}

// crash ends the work with what a deferred function recovered.
func (o *output) crash(v any) {
	o.end(job.Crashed, job.OneLine(fmt.Sprintf("panic: %v %s", v, where(debug.Stack()))))
}

// prepare makes tasks of the outputs, on an input with this header, and plans
// what they share: also with those that are there already.
func (w *Worker) prepare(outs []*output, h codec.Header) {
	var sound []task
	for _, o := range outs {
		p, err := checked(o.Job, h)
		if err == nil {
			o.task, err = w.target(o.Job, p, h)
		}
		if err == nil {
			sound = append(sound, o.task)
		} else if !o.done {
			o.fail(err)
		}
	}
	together := share(sound)
	each(outs, func(o *output) {
		o.shared = together
		o.res.Notes = nameNotes(o.Job, h.Format)
	})
}

// makeAll makes and writes the outputs that are not done: first those that can be
// had of the file's bits and coefficients, so that it is known who needs more.
func (w *Worker) makeAll(ctx context.Context, outs []*output, in fs.FileInfo) {
	each(outs, func(o *output) { w.attempt(ctx, o, in, w.moved) })
	each(outs, func(o *output) { w.attempt(ctx, o, in, w.remade) })
}

// attempt makes an output in a way that fills w.out, and writes it. It stays
// undone if the way is not its own.
func (w *Worker) attempt(ctx context.Context, o *output, in fs.FileInfo, way func(context.Context, *output) (bool, error)) {
	defer func() {
		if v := recover(); v != nil {
			o.crash(v)
		}
	}()
	ok, err := way(ctx, o)
	if o.Salvage && !o.read.Salvage && codec.IsDamaged(err) {
		o.read.Salvage = true
		ok, err = way(ctx, o)
	}
	var data []byte
	if err == nil && ok {
		data, err = w.fit(o)
	}
	switch {
	case err != nil:
		if data, err = w.insteadOf(o, err); err != nil {
			o.fail(err)
			return
		}
	case !ok:
		return
	}
	var notes []string
	if err = ctx.Err(); err == nil {
		notes, err = write(o.Job, o.Target, in, data)
	}
	if err != nil {
		o.fail(err)
		return
	}
	o.res.Notes = append(o.res.Notes, notes...)
	o.res.OutBytes = int64(len(data))
	o.end(job.OK, "")
}

// inPlace is makeAll where the first output replaces the input: it comes last,
// and not at all if another failed, which could not be made again.
func (w *Worker) inPlace(ctx context.Context, outs []*output, in fs.FileInfo) {
	w.makeAll(ctx, outs[1:], in)
	for _, o := range outs[1:] {
		if o.res.Outcome != job.OK && o.res.Outcome != job.Skipped && !outs[0].done {
			outs[0].end(job.Skipped, "not replaced: another output failed")
		}
	}
	w.makeAll(ctx, outs[:1], in)
}
