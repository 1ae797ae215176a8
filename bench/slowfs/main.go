// Slowfs mounts a folder a second time, as storage that is slow to open files.
//
//	go run -C bench/slowfs . -open 20ms SOURCE MOUNTPOINT
//
// Each open of a file below MOUNTPOINT takes that much longer, whether the file
// is there or made by it; so does each read that reaches this program, by
// -read. Opens that are asked for at the same time wait side by side. Folders
// and attributes are as fast as FUSE is, and remembered for some seconds, so
// SOURCE must not be changed by others meanwhile.
//
// It needs Linux, /dev/fuse and the right to mount. Ctrl-C or SIGTERM unmounts,
// and has it print a line of JSON: how many opens there were, and how much
// longer one took, in milliseconds, which is a little more than was asked for.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/hanwen/go-fuse/v2/fs"
	"github.com/hanwen/go-fuse/v2/fuse"
)

// remembered is how long the kernel may keep what it was told of names and
// attributes, as network file systems do.
const remembered = 5 * time.Second

func main() {
	log.SetFlags(0)
	log.SetPrefix("slowfs: ")
	var slow delays
	flag.DurationVar(&slow.open, "open", 20*time.Millisecond, "how much longer an open takes")
	flag.DurationVar(&slow.read, "read", 0, "how much longer a read takes")
	flag.Parse()
	if flag.NArg() != 2 {
		log.Fatal("usage: slowfs [-open D] [-read D] SOURCE MOUNTPOINT")
	}
	var made opens
	server, err := mount(flag.Arg(0), flag.Arg(1), slow, &made)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("mounted") // for scripts that wait for it
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)
	go func() {
		for range stop {
			if err := server.Unmount(); err != nil {
				log.Print(err) // in use: the next signal tries again
			}
		}
	}()
	server.Wait()
	n := made.number.Load()
	fmt.Printf(`{"opens":%d,"ms":%.3f}`+"\n", n, float64(made.waited.Load())/float64(max(n, 1))/1e6)
}

// delays are added to what the file system below takes.
type delays struct {
	open, read time.Duration
}

// opens are those that were asked for, with the time that they waited in all, in
// nanoseconds.
type opens struct {
	number, waited atomic.Int64
}

// mount serves source at mountpoint until it is unmounted.
func mount(source, mountpoint string, slow delays, made *opens) (*fuse.Server, error) {
	below, err := fs.NewLoopbackRoot(source)
	if err != nil {
		return nil, err
	}
	data := below.(*fs.LoopbackNode).RootData
	root := &node{LoopbackNode: fs.LoopbackNode{RootData: data}, slow: slow, made: made}
	data.RootNode = root
	timeout := remembered
	options := fuse.MountOptions{FsName: source, Name: "slowfs", DirectMountStrict: true}
	if slow.read > 0 {
		options.DisabledCapabilities = fuse.CAP_PASSTHROUGH // the kernel reads by itself what it may
	}
	return fs.Mount(mountpoint, root, &fs.Options{EntryTimeout: &timeout, AttrTimeout: &timeout, MountOptions: options})
}

// node is a file or a folder of the file system below.
type node struct {
	fs.LoopbackNode
	slow delays
	made *opens
}

var (
	_ fs.NodeWrapChilder = (*node)(nil)
	_ fs.NodeCreater     = (*node)(nil)
	_ fs.NodeOpener      = (*node)(nil)
	_ fs.NodeReader      = (*node)(nil)
)

// WrapChild makes what is below a node slow as well.
func (n *node) WrapChild(ctx context.Context, child fs.InodeEmbedder) fs.InodeEmbedder {
	return &node{LoopbackNode: fs.LoopbackNode{RootData: child.(*fs.LoopbackNode).RootData}, slow: n.slow, made: n.made}
}

// Create leaves it to the kernel to make a file by MKNOD and then to OPEN it.
// The kernel keeps the folder locked during a CREATE, so that those in one
// folder would wait one behind another.
func (n *node) Create(context.Context, string, uint32, uint32, *fuse.EntryOut) (*fs.Inode, fs.FileHandle, uint32, syscall.Errno) {
	return nil, nil, 0, syscall.ENOSYS
}

// Open waits also where the caller is interrupted: Go's runtime interrupts
// threads all the time, and would wait anew.
func (n *node) Open(ctx context.Context, flags uint32) (fs.FileHandle, uint32, syscall.Errno) {
	begun := time.Now()
	if n.slow.open > 0 {
		time.Sleep(n.slow.open)
	}
	n.made.number.Add(1)
	n.made.waited.Add(int64(time.Since(begun)))
	return n.LoopbackNode.Open(ctx, flags)
}

func (n *node) Read(ctx context.Context, file fs.FileHandle, dest []byte, off int64) (fuse.ReadResult, syscall.Errno) {
	reader, ok := file.(fs.FileReader)
	if !ok {
		return nil, syscall.EBADF
	}
	time.Sleep(n.slow.read)
	return reader.Read(ctx, dest, off)
}
