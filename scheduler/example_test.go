package scheduler_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/imgpar/imgpar/scheduler"
)

func ExampleMap() {
	parse := scheduler.Task[struct{}, string, int]{
		Run: func(_ context.Context, _ struct{}, s string) (int, error) { return strconv.Atoi(s) },
	}
	inputs := slices.Values([]string{"1", "two", "3"})
	for r := range scheduler.Map(context.Background(), scheduler.Config[struct{}]{}, inputs, parse) {
		if r.Err != nil {
			fmt.Println(r.Index, r.Err)
			continue
		}
		fmt.Println(r.Index, r.Value)
	}
	// Output:
	// 0 1
	// 1 strconv.Atoi: parsing "two": invalid syntax
	// 2 3
}

// Each worker reuses a buffer, and the tasks that run hold at most 1 MiB.
func ExampleStream() {
	cfg := scheduler.Config[*bytes.Buffer]{
		Budget: 1 << 20,
		Init:   func(int) (*bytes.Buffer, error) { return new(bytes.Buffer), nil },
	}
	repeat := scheduler.Task[*bytes.Buffer, int, int]{
		Weight: func(n int) int64 { return int64(n) },
		Run: func(_ context.Context, buf *bytes.Buffer, n int) (int, error) {
			buf.Reset()
			for range n {
				buf.WriteByte('x')
			}
			return buf.Len(), nil
		},
	}
	for r := range scheduler.Stream(context.Background(), cfg, slices.Values([]int{1000, 10, 1}), repeat) {
		fmt.Println(r.Input, r.Value, r.Err)
	}
	// Unordered output:
	// 1 1 <nil>
	// 10 10 <nil>
	// 1000 1000 <nil>
}

func ExampleSubmit() {
	ctx := context.Background()
	pool, err := scheduler.NewPool(ctx, scheduler.Config[struct{}]{Workers: 2})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer pool.Close()

	word := scheduler.Submit(pool, 0, func(context.Context, struct{}) (string, error) { return "answer", nil })
	number := scheduler.Submit(pool, 0, func(context.Context, struct{}) (int, error) { return 6 * 7, nil })
	w, err := word.Wait(ctx)
	fmt.Println(w, err)
	n, err := number.Wait(ctx)
	fmt.Println(n, err)
	// Output:
	// answer <nil>
	// 42 <nil>
}

func ExampleFirstError() {
	ctx := context.Background()
	pool, err := scheduler.NewPool(ctx, scheduler.Config[struct{}]{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer pool.Close()

	var futures []*scheduler.Future[int]
	for _, s := range []string{"1", "2", "three"} {
		futures = append(futures, scheduler.Submit(pool, 0, func(context.Context, struct{}) (int, error) {
			return strconv.Atoi(s)
		}))
	}
	fmt.Println(scheduler.FirstError(ctx, futures...))
	// Output: 2 strconv.Atoi: parsing "three": invalid syntax
}
