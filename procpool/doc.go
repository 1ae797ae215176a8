// Package procpool runs tasks in supervised child processes.
//
// A Pool keeps warm children, by default one per CPU and each the same program run again
// with the argument "worker", where main calls [Serve]. [Pool.Do] sends the bytes of a
// request, and open files, to a free child and returns the bytes of its answer. What happens
// inside a child stays there.
//
// # What a task can do to its child
//
//   - A child that dies, or answers what is no answer, fails the task it is on and no
//     other. The task is tried once more, on a freshly started child; then it is a
//     [CrashError], and the pool does not try it again.
//   - The same goes for one that runs out of memory, as its heap may have been full of
//     earlier work: a [MemoryError] says that its Go runtime gave up, or that it had more
//     than [Config.MaxRSS] resident. Children that have a task are asked for that every
//     100 ms, in which one may grow by 30 to 500 MB, as the machine goes: a hard limit is
//     the system's to give (RLIMIT_DATA). A child that the kernel kills for memory cannot
//     be told from one that somebody kills: that is a CrashError with the signal SIGKILL.
//   - A task that runs longer than its timeout, or whose context ends, has its child
//     killed with all of its process group, whatever the child is busy with, and is not
//     tried again. A task without a timeout waits as long as its child lives and keeps
//     silent, in the middle of an answer too.
//
// Short tasks ([Task.Short]) may be given to a child that is at another, up to [MaxLine] in
// all: they wait in its socket, so that it need not sleep between two. Of all this nothing
// happens to a task that waits. If its child ends before it is its turn, it is given to
// another child as if it had never been sent, once the dead one is reaped; that child it has
// alone, and so has each second attempt.
//
// Each child that has ended counts once in [Stats].
//
// # When children are replaced
//
//   - After a death of a task: at once.
//   - After a death without a task, or a start that failed: at once the first time, 10 ms
//     after the second in a row, and then after pauses that double up to 1 s. A task hears
//     of it ([StartError]) after 3 starts in a row that failed, if there is no other child.
//   - Never again ([ErrBroken]), after 10 children in a row for each worker that did not
//     start, or died within a minute of their start without ever having a task, if no
//     child is left. Only an answer breaks the row. Deaths of a task are not in it.
//   - After [Config.MaxTasks] tasks, at [Config.MaxAge] and beyond [Config.RecycleRSS],
//     between two tasks. The first two are drawn for each child from (3/4 of it, all of it],
//     so that children which start together are not replaced together. What it has
//     resident a child is asked for at most every 100 ms.
//
// # What a child can do to its parent
//
//   - Memory: for each child a result of at most [Config.MaxResult] bytes ([MaxPayload],
//     64 MiB, unless it is set), for which no more than twice what has arrived, or 1 MiB,
//     is allocated; an error text of at most 64 KiB; 64 KiB of buffers; and 16 KiB of what
//     it prints, of which the last [MaxStderr] bytes are part of the errors, with the line
//     "fatal error: ..." of a Go program if that was earlier. A larger frame is not read:
//     the child is killed.
//   - Time: what it prints is kept away from the terminal and read at no more than 64 KiB
//     each millisecond.
//   - A child that says anything between two tasks is killed before it gets another, which
//     is nobody's crash.
//   - Open files cannot be sent to it.
//
// # How children end
//
//   - No child outlives its parent, however the parent ends: a child exits when its link
//     ends, in the middle of a task at most 100 ms later, and on Linux the kernel kills it.
//   - Every child is reaped, and killed even if it left its process group or is stopped;
//     what it started in that group is killed with it. (Windows has no such group: there,
//     only the child itself is.)
//   - Close gives an idle child 2 s ([Config.Grace]) to end by itself, then as much again
//     after an interrupt, and kills it.
//
// A payload, in either direction, has at most [MaxPayload] bytes, and a task at most
// [MaxFiles] files.
package procpool
