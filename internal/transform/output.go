package transform

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"

	"github.com/imgpar/imgpar/codec"
	"github.com/imgpar/imgpar/internal/job"
)

// output is the work on one target of a job.
type output struct {
	task
	to     io.Writer
	res    job.Part
	needs  *codec.NeedsPixelsError
	shrunk bool // it could be had without coding anew, but is too large
	done   bool // res is final
}

// outputs are those of the work, in its order, and where they are written to.
// Those that are not wanted are done.
func outputs(work job.Work, to []io.Writer) []*output {
	outs := make([]*output, len(to))
	for i := range outs {
		one := only(work.Job, i)
		outs[i] = &output{task: task{Job: one}, to: to[i], done: one.UpToDate}
	}
	return outs
}

// parts are what became of the outputs.
func parts(outs []*output) []job.Part {
	list := make([]job.Part, len(outs))
	for i, o := range outs {
		list[i] = o.res
	}
	return list
}

// each calls do for those that are not done.
func each(outs []*output, do func(*output)) {
	for _, o := range outs {
		if !o.done {
			do(o)
		}
	}
}

// end makes res final.
func (o *output) end(outcome job.Outcome, reason string) {
	o.done = true
	if outcome == job.OK {
		o.res.Outcome = outcome
		return
	}
	o.res = job.Part{Outcome: outcome, Reason: reason, Pixels: o.res.Pixels}
}

func (o *output) fail(err error) {
	o.end(classify(err))
	var write *job.WriteError
	o.res.DiskFull = errors.As(err, &write) && write.DiskFull
}

// crash ends the work with what a deferred function recovered.
func (o *output) crash(v any) {
	o.end(job.Crashed, job.OneLine(fmt.Sprintf("panic: %v %s", v, where(debug.Stack()))))
}

// prepare makes tasks of the outputs, on an input with this header, and plans
// what they share: also with those that are there already.
func (w *Worker) prepare(outs []*output, h codec.Header) {
	sound := make([]task, 0, 1) // which most often is all
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
		o.shared = &together
		o.res.Notes = nameNotes(o.Job, h.Format)
	})
}

// makeAll makes and writes the outputs that are not done: first those that can be
// had of the file's bits and coefficients, so that it is known who needs more.
func (w *Worker) makeAll(ctx context.Context, outs []*output) {
	each(outs, func(o *output) { w.attempt(ctx, o, w.moved) })
	each(outs, func(o *output) { w.attempt(ctx, o, w.remade) })
}

// attempt makes an output in a way that fills w.out, and writes it. It stays
// undone if the way is not its own.
func (w *Worker) attempt(ctx context.Context, o *output, way func(context.Context, *output) (bool, error)) {
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
	if err = ctx.Err(); err == nil {
		err = o.write(data)
	}
	if err != nil {
		o.fail(err)
		return
	}
	o.res.Bytes = int64(len(data))
	o.end(job.OK, "")
}

// write hands the output over.
func (o *output) write(data []byte) error {
	_, err := o.to.Write(data)
	var write *job.WriteError
	if err == nil || errors.As(err, &write) {
		return err
	}
	return &job.WriteError{Err: err}
}
