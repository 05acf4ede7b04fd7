/** Lists and records that are made item by item while they are read, so that a document may be larger than memory. */

/** A list. */
export class Stream<T> {
  /** @param items makes the items anew */
  constructor(readonly items: () => Iterable<T>) {}
}

/** A record whose entries come in order. */
export class StreamedRecord<T> {
  /** @param items makes the entries anew */
  constructor(readonly items: () => Iterable<readonly [string, T]>) {}
}

/** Items as they pass by. @param tell told after each how many have passed */
export function* counted<T>(items: Iterable<T>, tell: (passed: number) => void): Generator<T> {
  let passed = 0;
  for (const item of items) {
    yield item;
    tell(++passed);
  }
}

/**
 * The value with all its streams read, in the order of its keys.
 * @returns what it is with a list for each stream and a record for each streamed one, which the caller knows the type of
 */
export function whole<T>(value: unknown): T {
  if (value instanceof Stream) return [...value.items()] as T;
  if (value instanceof StreamedRecord) return Object.fromEntries(value.items()) as T;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value as T;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, whole(child)])) as T;
}
