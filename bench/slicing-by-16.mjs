/**
 * The bare loop that CRC32C in src/core is measured against: slicing-by-16, one table of 16 × 256 words, a step of 16
 * bytes, over one array that is aligned to words. It knows neither address spaces nor flags nor seeds.
 */

const POLYNOMIAL = 0x82f63b78; // Castagnoli, reflected

const TABLE = makeTable();

function makeTable() {
  const table = new Int32Array(16 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? POLYNOMIAL : 0);
    table[byte] = crc;
  }
  for (let i = 256; i < table.length; i++) {
    const previous = table[i - 256];
    table[i] = (previous >>> 8) ^ table[previous & 0xff];
  }
  return table;
}

/**
 * CRC32C of whole steps of 16 bytes.
 * @param words little-endian words
 * @param first index of the first word
 * @param bytes how many, a multiple of 16 [B]
 */
export function crc32cOf(words, first, bytes) {
  const t = TABLE;
  let crc = -1;
  const end = first + (bytes >>> 2);
  for (let at = first; at < end; at += 4) {
    const a = crc ^ words[at];
    const b = words[at + 1];
    const c = words[at + 2];
    const d = words[at + 3];
    crc =
      t[d >>> 24] ^
      t[256 + ((d >>> 16) & 0xff)] ^
      t[512 + ((d >>> 8) & 0xff)] ^
      t[768 + (d & 0xff)] ^
      t[1024 + (c >>> 24)] ^
      t[1280 + ((c >>> 16) & 0xff)] ^
      t[1536 + ((c >>> 8) & 0xff)] ^
      t[1792 + (c & 0xff)] ^
      t[2048 + (b >>> 24)] ^
      t[2304 + ((b >>> 16) & 0xff)] ^
      t[2560 + ((b >>> 8) & 0xff)] ^
      t[2816 + (b & 0xff)] ^
      t[3072 + (a >>> 24)] ^
      t[3328 + ((a >>> 16) & 0xff)] ^
      t[3584 + ((a >>> 8) & 0xff)] ^
      t[3840 + (a & 0xff)];
  }
  return ~crc >>> 0;
}
