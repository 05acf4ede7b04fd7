/** What is asked of V8 for this process and its threads. */
import { setFlagsFromString } from 'node:v8';

/** Sets the options, for this process and all threads that it starts from now on. */
export function setV8Options(): void {
  // V8 would learn from objects made once, at the start, to make others of their kind old at birth. Dead, these keep alive
  // what they point to, until the next major collection: of 100,000 points some 3 KB each. Nothing measured is slower without.
  setFlagsFromString('--no-allocation-site-pretenuring');
  // There are as many threads as processors, so that whoever helps one of them takes another one's time. Each compiles its own code,
  // and waits for it: what is not compiled yet would go on slowly meanwhile, and take that time once more. Several threads are
  // faster by it; one alone is not slower on Node 20, and a little on 24 and 26. And each collects its own young garbage.
  setFlagsFromString('--no-concurrent-recompilation');
  setFlagsFromString('--no-parallel-scavenge');
  // Nothing may have the marking of a heap started by a task: a thread that has ended takes none any more, and Node 20 then aborted
  // the process ("Assertion failed: (data.first) != nullptr"; compilers beside the threads did, in about one command of 700).
  // Marking starts without a task as well, a little later.
  setFlagsFromString('--no-incremental-marking-task');
  // A heap grows by a fifth before what is dead in it is collected, not to several times of what is alive: threads hold half
  // of what they did, and no run takes longer.
  setFlagsFromString('--heap-growing-percent=20');
  // What an event comes to is many small functions, each of them with its own part in it. V8 stops putting them into one another
  // at 920 bytecodes, and knows nothing of any object any more after a call. Further up a single thread gains more, but threads
  // side by side do not: each of them compiles more.
  setFlagsFromString('--max-inlined-bytecode-size-cumulative=1500');
  // V8 optimises a function after 66 KB of its bytecodes have run: at three times that it has seen more of what there is, and
  // compiles less in vain. From version 12 on it counts calls instead.
  if (Number.parseInt(process.versions.v8, 10) < 12) setFlagsFromString('--interrupt-budget=200000');
}
