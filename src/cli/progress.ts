/** Progress of long work on standard error: a bar on a terminal, elsewhere a plain line now and then. */

/** Time between two pictures of the bar, and between two plain lines [ms]. */
const BAR_EVERY = 100;
const LINE_EVERY = 5000;
/** Work shorter than this shows nothing [ms]. */
const QUIET_FOR = 500;
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
}

/** Shows steps on a stream; remembers only when it last wrote. */
export class ProgressReporter {
  #started: number;
  #last: number;
  #drawn = false;

  constructor(
    private readonly stream: ProgressStream,
    private readonly what: string,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#started = now();
    this.#last = this.#started;
  }

  /** Takes a step; writes when it is time. */
  step(step: Step): void {
    const time = this.now();
    const tty = this.stream.isTTY === true;
    if (time - this.#started < QUIET_FOR) return;
    if (time - this.#last < (tty ? BAR_EVERY : LINE_EVERY)) return;
    this.#last = time;
    const rest = eta(time - this.#started, step.share);
    const count = `${step.done}/${step.total} ${this.what}`;
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

/** The expected rest of the work as text; '' before anything is known. */
function eta(elapsedMs: number, share: number): string {
  if (share <= 0 || share >= 1) return '';
  const seconds = Math.ceil((elapsedMs * (1 - share)) / share / 1000);
  if (seconds < 60) return `, about ${seconds} s left`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `, about ${minutes} min ${seconds % 60} s left`
    : `, about ${Math.floor(minutes / 60)} h ${minutes % 60} min left`;
}
