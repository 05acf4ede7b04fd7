#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import { main } from './program.js';

// V8 would learn from objects made once, at the start, to make others of their kind old at birth. Dead, these keep alive what
// they point to, until the next major collection: of 100,000 points some 3 KB each. Nothing measured is slower without.
setFlagsFromString('--no-allocation-site-pretenuring');
// Threads end while V8 may still compile for them on another. In Node 20 such a compilation aborted the process where it came
// upon a heap that it found full enough to have its marking started by a task: the thread takes no tasks any more (about one
// command in 700, "Assertion failed: (data.first) != nullptr"). Marking starts without a task as well, a little later.
setFlagsFromString('--no-incremental-marking-task');

process.exitCode = await main(process.argv.slice(2));
