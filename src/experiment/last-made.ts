/** What is made of objects that come again and again: points of a large sweep share most of their parts. */

/** Remembers by a name what was made of the last object under it, and nothing older: a sweep may have any number. */
export class LastMade<T> {
  readonly #last = new Map<string, { readonly of: unknown; readonly made: T }>();

  /** What was made of this very value, when it is the last one under its name; otherwise what `make` makes of it. */
  of(name: string, value: unknown, make: () => T): T {
    const last = this.#last.get(name);
    if (last !== undefined && last.of === value) return last.made;
    const made = make();
    this.#last.set(name, { of: value, made });
    return made;
  }
}
