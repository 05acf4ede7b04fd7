/** Holm's correction: keeps the chance of one false alarm among several comparisons at the level of one. */

/**
 * Holm-adjusted p-values (S. Holm, "A simple sequentially rejective multiple test procedure", 1979).
 *
 * A comparison is significant at level α when its adjusted p-value is below α, whatever the others are.
 *
 * @param pValues one p-value a comparison, in any order
 * @returns adjusted p-values in the same order, each at most 1
 */
export function holm(pValues: readonly number[]): number[] {
  const ascending = pValues.map((_, index) => index).sort((a, b) => pValues[a]! - pValues[b]! || a - b);
  const adjusted = new Array<number>(pValues.length);
  let largest = 0;
  ascending.forEach((index, position) => {
    largest = Math.max(largest, Math.min(1, (pValues.length - position) * pValues[index]!));
    adjusted[index] = largest;
  });
  return adjusted;
}
