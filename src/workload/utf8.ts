/** Bytes of a file as text, or where they stop being UTF-8: a decoder that replaces what it cannot read hides it. */

/** A file that is not UTF-8. */
export class EncodingError extends Error {
  override readonly name = 'EncodingError';

  /**
   * @param text of the file as far as it can be read, the rest with replacement characters
   * @param at where in it the first unreadable byte stands
   */
  constructor(
    message: string,
    readonly text: string,
    readonly at: number,
  ) {
    super(message);
  }
}

/** Decodes UTF-8, leaving out a byte order mark. @throws EncodingError */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return refuseNul(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    if (error instanceof EncodingError) throw error;
    const at = firstUnreadable(bytes);
    const before = new TextDecoder().decode(bytes.subarray(0, at));
    const byte = `byte 0x${bytes[at]!.toString(16).padStart(2, '0')}`;
    const utf16 = at === 0 && (bytes[0]! ^ bytes[1]!) === 0x01 && bytes[0]! >= 0xfe;
    throw new EncodingError(
      utf16 ? 'it begins as UTF-16 does' : byte,
      new TextDecoder().decode(bytes),
      before.length,
    );
  }
}

/** A character that no YAML, JSON or CSV holds, but every second byte of English text in UTF-16. @throws EncodingError */
export function refuseNul(text: string): string {
  const at = text.indexOf('\0');
  if (at === -1) return text;
  throw new EncodingError('a NUL byte, as in UTF-16', text, at);
}

/** The length of the longest beginning that is UTF-8, found by halves: longer ones are not. */
function firstUnreadable(bytes: Uint8Array): number {
  let [readable, unreadable] = [0, bytes.length];
  while (readable + 1 < unreadable) {
    const middle = (readable + unreadable) >> 1;
    if (isReadable(bytes.subarray(0, middle))) readable = middle;
    else unreadable = middle;
  }
  return readable;
}

/** Whether bytes are UTF-8, but for a character that has only begun. */
function isReadable(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
