// Package scheduler runs one function over many inputs on a fixed number of
// goroutines. It is meant for work that is heavy for each input and long as a
// whole: files, requests, frames.
//
// [Map] yields results in the order of the inputs, [Stream] as they complete.
// Both are lazy: they take an input only when one of [Config].Window places is
// vacant, so a million inputs need no more memory than a hundred.
// [Submit] hands single tasks to a long-lived [Pool] and returns a [Future].
//
//	double := scheduler.Task[struct{}, int, int]{
//		Run: func(_ context.Context, _ struct{}, n int) (int, error) { return 2 * n, nil },
//	}
//	cfg := scheduler.Config[struct{}]{}
//	for r := range scheduler.Map(ctx, cfg, slices.Values([]int{1, 2, 3}), double) {
//		fmt.Println(r.Input, r.Value, r.Err)
//	}
//
// What the package promises:
//
//   - Every task that was taken gets exactly one result, whether it returns,
//     fails, panics ([PanicError]), calls [runtime.Goexit] ([ErrGoexit]) or is
//     canceled before it starts (the context's error).
//   - The failure of one task is the failure of that task only. The map of a
//     pool of processes that hands out chunks of inputs loses the rest of a
//     chunk with one failure; here nothing is chunked.
//   - The weights of the running tasks never add up to more than
//     [Config].Budget. Tasks are admitted in the order in which they ask, so a
//     heavy one is not overtaken for ever.
//   - A worker's state, made by [Config].Init, serves one task at a time. A
//     state that a panic or Goexit may have left half-written is released and
//     replaced before the next task.
//   - No goroutine outlives the loop over Map or Stream, or [Pool.Close].
//
// A task may itself loop over Map or Stream: each loop has workers of its own.
//
// A goroutine cannot be stopped from outside: cancellation asks running tasks
// to end, by their context, and waits until they do.
package scheduler
