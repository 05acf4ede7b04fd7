/** A copy of `old` with room for `length` elements. */
export function grownDoubles(old: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(length);
  grown.set(old);
  return grown;
}

/** A copy of `old` with room for `length` elements. */
export function grownWords(old: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(length);
  grown.set(old);
  return grown;
}
