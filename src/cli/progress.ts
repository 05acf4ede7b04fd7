/** Progress of long work on standard error: a bar on a terminal, elsewhere a plain line now and then. */

/** Time between two pictures of the bar, and between two plain lines [ms]. */
const BAR_EVERY = 100;
const LINE_EVERY = 5000;
/** Work shorter than this shows nothing [ms]. */
const QUIET_FOR = 500;
/** Share of the work from which on its rest is guessed: the first results are those of starting workers too. */
const TELLING_SHARE = 0.01;
const BAR_WIDTH = 24;

/** What progress is drawn on. */
export interface ProgressStream {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

/** How far the work is; `share` is 0..1 of the expected effort. */
export interface Step {
  done: number;
  total: number;
  share: number;
  /** What is counted, where it is not what the reporter was made for. */
  what?: string;
}

/** Shows steps on a stream; remembers only when it last wrote, and since when it counts what it counts. */
export class ProgressReporter {
  #started: number;
  #last: number;
  #counted: string;
  #share = 0;
  #drawn = false;

  constructor(
    private readonly stream: ProgressStream,
    private readonly what: string,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#started = now();
    this.#last = this.#started;
    this.#counted = what;
  }

  /** Takes a step; writes when it is time. */
  step(step: Step): void {
    const time = this.now();
    const what = step.what ?? this.what;
    // Other work, or another round of it: what was learned about the pace holds no longer.
    if (what !== this.#counted || step.share < this.#share) this.#started = time;
    this.#counted = what;
    this.#share = step.share;
    const tty = this.stream.isTTY === true;
    if (time - this.#started < QUIET_FOR) return;
    if (time - this.#last < (tty ? BAR_EVERY : LINE_EVERY)) return;
    this.#last = time;
    const rest = eta(time - this.#started, step.share);
    const count = `${step.done}/${step.total} ${what}`;
    if (!tty) {
      this.stream.write(`${Math.floor(step.share * 100)} %, ${count}${rest}\n`);
      return;
    }
    const filled = Math.round(step.share * BAR_WIDTH);
    const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}`;
    const text = `${bar} ${count}${rest}`.slice(0, (this.stream.columns ?? 80) - 1);
    this.stream.write(`\r\x1b[K${text}`);
    this.#drawn = true;
  }

  /** Removes the bar, so that the next line starts clean. */
  end(): void {
    if (this.#drawn) this.stream.write('\r\x1b[K');
    this.#drawn = false;
  }
}

/** The expected rest of the work as text; '' before enough is done to tell. */
function eta(elapsedMs: number, share: number): string {
  if (share < TELLING_SHARE || share >= 1) return '';
  const seconds = Math.ceil((elapsedMs * (1 - share)) / share / 1000);
  if (seconds < 60) return `, about ${seconds} s left`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `, about ${minutes} min ${seconds % 60} s left`
    : `, about ${Math.floor(minutes / 60)} h ${minutes % 60} min left`;
}
