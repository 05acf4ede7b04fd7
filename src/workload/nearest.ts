/** Did you mean: the candidate that a misspelling is nearest to. */

/** Damerau-Levenshtein distance (adjacent transpositions count one), without case. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(previous[j]! + 1, current[j - 1]! + 1, previous[j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, before[j - 2]! + 1);
      }
      current.push(best);
    }
    before = previous;
    previous = current;
  }
  return previous[b.length]!;
}

/** Names that the C library and other tools have for operations of the device. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ['memcpy', 'memmove'],
  ['memcopy', 'memmove'],
  ['copy', 'memmove'],
  ['move', 'memmove'],
  ['memset', 'fill'],
  ['memfill', 'fill'],
  ['memcmp', 'compare'],
  ['crc32', 'crc'],
  ['crcgen', 'crc'],
  ['copycrc', 'copy_crc'],
  ['flush', 'cache_flush'],
]);

/**
 * The candidate that has another name elsewhere, or is nearest to what was written; undefined when none is near: at most a third of its letters may
 * differ. A candidate that ends in the word after a dot or begins with it counts as near.
 */
export function nearest(written: string, candidates: readonly string[]): string | undefined {
  const word = written.toLowerCase();
  if (word === '' || word.length > 100) return undefined;
  const other = OTHER_NAMES.get(word);
  if (other !== undefined && candidates.includes(other)) return other;
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const d = distance(word, candidate.toLowerCase());
    if (d < bestDistance) {
      best = candidate;
      bestDistance = d;
    }
  }
  return best ?? candidates.find((c) => related(word, c.toLowerCase()));
}

function related(word: string, candidate: string): boolean {
  if (word.length < 3) return false;
  return (
    candidate.endsWith(`.${word}`) || candidate.startsWith(`${word}_`) || word.startsWith(`${candidate}_`)
  );
}
