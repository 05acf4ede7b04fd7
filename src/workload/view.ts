/**
 * A workload's value together with where each part of it was written. Overrides, sweeps, designs and accel-config
 * files put other values in place; each is laid over the file, so that a problem is shown where its cause is written.
 */
import type { Span } from './diagnostics.js';
import { type Path, startsWith, withValue } from './path.js';
import { positionOf } from './render.js';
import type { Locator } from './source.js';

/** Why a value stands where it does. */
type Origin = 'file' | 'option' | 'sweep' | 'design' | 'accel-config' | 'moved';

/** A value laid over another one. */
export interface Overlay {
  readonly path: Path;
  readonly origin: Exclude<Origin, 'file'>;
  /** The path as the user wrote it, for a sweep or an option. */
  readonly text: string;
  /** Finds places under `path`; its own paths begin there. */
  readonly locator: Locator;
}

/** A value and its sources. Views are immutable. */
export class View implements Locator {
  constructor(
    readonly value: unknown,
    private readonly base: Locator,
    readonly overlays: readonly Overlay[] = [],
  ) {}

  /** This view with a value laid over a path. */
  with(value: unknown, overlay: Overlay): View {
    return new View(withValue(this.value, overlay.path, value), this.base, [...this.overlays, overlay]);
  }

  /** This view with another root value: the same places, rearranged. */
  replacing(value: unknown): View {
    return new View(value, this.base, this.overlays);
  }

  /** The last overlay that covers a path, or undefined when the file itself does. */
  overlayOf(path: Path): Overlay | undefined {
    return this.overlays.findLast((overlay) => startsWith(path, overlay.path));
  }

  /** The last overlay whose own path lies at or under a path. */
  overlayUnder(path: Path): Overlay | undefined {
    return this.overlays.findLast((overlay) => startsWith(overlay.path, path));
  }

  private within(path: Path): [Locator, Path] {
    const overlay = this.overlayOf(path);
    return overlay === undefined ? [this.base, path] : [overlay.locator, path.slice(overlay.path.length)];
  }

  locate(path: Path, part: 'key' | 'value' = 'value'): Span {
    const [locator, rest] = this.within(path);
    return locator.locate(rest, part);
  }

  has(path: Path): boolean {
    const [locator, rest] = this.within(path);
    return locator.has(rest);
  }

  written(path: Path): string | undefined {
    const [locator, rest] = this.within(path);
    return locator.written(rest);
  }

  /** Where the value at a path was written: `file:line`, `--set` or undefined when nowhere. */
  originOf(path: Path): string | undefined {
    if (!this.has(path)) return undefined;
    const overlay = this.overlayOf(path);
    const span = this.locate(path);
    if (overlay?.origin === 'option') return span.source.name;
    const place = `${span.source.name}:${positionOf(span).line}`;
    return overlay?.origin === 'sweep' ? `${place} (sweep)` : place;
  }
}

/** A locator moved: its root is what another one has at `prefix`. */
export function under(locator: Locator, prefix: Path): Locator {
  return {
    locate: (path, part) => locator.locate([...prefix, ...path], part),
    has: (path) => locator.has([...prefix, ...path]),
    written: (path) => locator.written([...prefix, ...path]),
  };
}
