package procpool_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/imgpar/imgpar/procpool"
)

// A program that runs itself as its own workers.
func Example() {
	if len(os.Args) > 1 && os.Args[1] == "worker" {
		err := procpool.Serve(procpool.Service{Handle: func(_ context.Context, r procpool.Request) ([]byte, error) {
			return bytes.ToUpper(r.Payload), nil
		}})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(procpool.ExitProtocol)
		}
		return
	}

	pool, err := procpool.New(procpool.Config{})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	defer pool.Close()
	result, err := pool.Do(context.Background(), procpool.Task{Payload: []byte("hello"), Timeout: time.Minute})
	if crash, ok := errors.AsType[*procpool.CrashError](err); ok {
		fmt.Println("signal:", crash.Signal, "stderr:", crash.Stderr)
	}
	fmt.Printf("%s %v\n", result, err)
}
