/** Pages of all address spaces in one order of numbers, by which the caches of translations know them. */

const SPACE_STRIDE = 1099511627776; // 2^40 pages: above any page number of a 52-bit address

/**
 * The number of a page among those of all address spaces, a whole number below 2^53.
 * @param space address space (PASID)
 * @param page page number at the mapping's page size
 */
export function pageKey(space: number, page: number): number {
  return space * SPACE_STRIDE + page;
}
